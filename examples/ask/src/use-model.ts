import { useVectorIndexStatus, type EmbedderStatus } from '@akin/react';
import { useEffect } from 'react';
import { embedder } from './embedder.ts';

const idle: EmbedderStatus = { state: 'idle' };

/** Loads the model when the page opens, so that it is there at the first question. */
export function useModel(): EmbedderStatus {
  useEffect(loadModel, []);
  return useVectorIndexStatus((index) => index.embedder) ?? idle;
}

/** Also tries again. How it goes is in the status. */
export function loadModel(): void {
  embedder.load().catch(() => undefined);
}

/** Also stops what the search box started. A question that is asked later loads it after all. */
export function cancelModel(): void {
  embedder.close();
}
