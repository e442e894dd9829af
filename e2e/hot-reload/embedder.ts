import { hashEmbedder } from '@akin/react/testing';

/** Another object whenever this module runs again. */
export const embedder = hashEmbedder();
export const edition = 0;
