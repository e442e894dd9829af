import type { Embedder } from '@akin/react';

export interface Gate {
  readonly embedder: Embedder;
  /** Queries wait from here on. */
  readonly close: () => void;
  /** They go on. */
  readonly open: () => void;
}

/** An embedder whose queries can be made to wait, as those of a busy machine do. */
export function gated(inner: Embedder): Gate {
  let opened = Promise.resolve();
  let release: () => void = () => undefined;
  return {
    embedder: {
      ...inner,
      async embed(texts, options) {
        if (options.purpose === 'query') await opened;
        return inner.embed(texts, options);
      },
    },
    close() {
      opened = new Promise((resolve) => {
        release = resolve;
      });
    },
    open: () => release(),
  };
}
