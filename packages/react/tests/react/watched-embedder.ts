import { abortedError } from '../../src/core/index.ts';
import type { Embedder, EmbedOptions } from '../../src/core/index.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';

interface EmbedCall extends EmbedOptions {
  readonly texts: readonly string[];
}

export interface WatchedEmbedder extends Embedder {
  readonly calls: EmbedCall[];
  /** Texts of queries so far, in order. */
  queries(): string[];
  /**
   * Those of them that nobody took back. In StrictMode React 18 runs the effects of a new component, takes
   * them back and runs them again, and so asks twice.
   */
  wantedQueries(): string[];
  /** From now on calls wait, like those of a slow model, until `release`. */
  hold(): void;
  release(): void;
}

/** The test embedder, which shows what it was asked and can be slow on demand. */
export function watchedEmbedder(): WatchedEmbedder {
  const inner = hashEmbedder();
  const calls: EmbedCall[] = [];
  const textsOf = (isCounted: (call: EmbedCall) => boolean) =>
    calls
      .filter((call) => call.purpose === 'query' && isCounted(call))
      .flatMap(({ texts }) => texts);
  let gate: { readonly opened: Promise<void>; readonly open: () => void } | null = null;

  return {
    ...inner,
    calls,
    queries: () => textsOf(() => true),
    wantedQueries: () => textsOf(({ signal }) => signal?.aborted !== true),
    hold() {
      gate ??= createGate();
    },
    release() {
      gate?.open();
      gate = null;
    },
    async embed(texts, options) {
      calls.push({ texts, ...options });
      if (gate !== null) await Promise.race([gate.opened, aborted(options.signal)]);
      return inner.embed(texts, options);
    },
  };
}

function createGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(abortedError()), { once: true });
  });
}
