import { minilm } from '@akin/minilm';

/** One for the page: the provider may mount again, the model should not load again. */
export const embedder = minilm();

export const indexName = 'chat';

/** Whose memory it is. An app with accounts would use the user's id. */
export const namespace = 'me';
