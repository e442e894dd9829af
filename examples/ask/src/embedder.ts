import { minilm } from '@akin/minilm';
import type { Embedder } from '@akin/react';

const model = minilm();

/**
 * The default model. Every call is a measure on the browser's timeline (`akin:embed`), so the
 * performance panel shows what waits for the model.
 */
export const embedder = {
  ...model,
  async embed(texts, options) {
    const start = performance.now();
    try {
      return await model.embed(texts, options);
    } finally {
      const detail = { purpose: options.purpose, texts: texts.length };
      performance.measure('akin:embed', { start, detail });
    }
  },
} satisfies Embedder;
