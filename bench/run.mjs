/** `npm run bench`: installs what the run itself is made of, which a fresh clone has not, and runs it. */
import { installDependencies } from './install.mjs';

await installDependencies();
await import('./bench.mjs');
