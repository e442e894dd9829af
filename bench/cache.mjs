/** Where everything is kept that a run makes on its way; git does not see it. */
import { fileURLToPath } from 'node:url';

export const benchFolder = fileURLToPath(new URL('.', import.meta.url));

export const cacheFolder = fileURLToPath(new URL('.cache/', import.meta.url));
