'use client';

import { QueryClient, QueryClientContext, isServer } from '@tanstack/react-query';
import { useContext, useEffect, useMemo, useState, type ReactElement, type ReactNode } from 'react';
import { sameEncryption } from '../core/encryption.ts';
import {
  acquireVectorIndex,
  createVectorIndex,
  retainVectorIndex,
  type VectorIndex,
  type VectorIndexOptions,
} from '../core/index.ts';
import { VectorIndexContext } from './context.ts';
import { useRevisionBridge } from './use-revision-bridge.ts';

interface CommonProps {
  readonly children?: ReactNode;
  /**
   * Default: the app's, from `QueryClientProvider`; without one, the provider makes its own, which TanStack
   * Query's hooks below it find too.
   */
  readonly queryClient?: QueryClient | undefined;
}

/** Either options, or an index made with `createVectorIndex`. */
export type VectorIndexProviderProps = CommonProps &
  (
    | ({ readonly index?: undefined } & VectorIndexOptions)
    // The hooks take the metadata's type, which an element cannot pass on.
    | { readonly index: VectorIndex }
  );

/**
 * Gives an index to the hooks and components below.
 *
 * Options are read when the provider mounts and whenever `name` or `encryption` changes, so writing
 * them inline is fine. The index stays open while any provider uses it and for 30 s after,
 * which makes StrictMode, hot reload and navigation harmless. An index passed as `index` is the
 * app's own to close.
 *
 * @throws VectorIndexError `invalid-input`, `dimension-mismatch` or `embedder-mismatch`, for options that are no
 * good, or other ones than an index of that name is in use with
 *
 * @example
 * ```tsx
 * import { VectorIndexProvider } from '@akin/react';
 * import { SemanticSearchBox } from '@akin/react/components';
 * import { minilm } from '@akin/minilm';
 * import '@akin/react/styles.css';
 *
 * const embedder = minilm();
 *
 * export function App() {
 *   return (
 *     <VectorIndexProvider name="notes" embedder={embedder}>
 *       <SemanticSearchBox onSelect={(hit) => location.assign(`/notes/${hit.id}`)} />
 *     </VectorIndexProvider>
 *   );
 * }
 * ```
 */
export function VectorIndexProvider(props: VectorIndexProviderProps): ReactElement {
  const { children } = props;
  const index = useProvidedIndex(props);
  const inherited = useContext(QueryClientContext);
  const own = useOwnQueryClient(index);
  const queryClient = props.queryClient ?? inherited ?? own;
  const ofHooksBelow = inherited ?? queryClient;
  // For queries made with `similarOptions` and its like, which no hook of this package sees.
  useRevisionBridge(index, queryClient);
  useRevisionBridge(ofHooksBelow === queryClient ? undefined : index, ofHooksBelow);

  useEffect(() => {
    if (queryClient === inherited) return undefined;
    // Else what waits for the page to be shown, or for a network, waits for ever.
    queryClient.mount();
    return () => queryClient.unmount();
  }, [inherited, queryClient]);

  const value = useMemo(() => ({ index, queryClient }), [index, queryClient]);
  return (
    // `.Provider`, because React 18 does not render a context itself.
    <VectorIndexContext.Provider value={value}>
      {/* So that providers and TanStack Query's own hooks below use the same, an app's or not. */}
      <QueryClientContext.Provider value={ofHooksBelow}>{children}</QueryClientContext.Provider>
    </VectorIndexContext.Provider>
  );
}

const ownQueryClients = new WeakMap<VectorIndex, QueryClient>();

/**
 * A query client for apps without one. That of the first index stays: TanStack Query's hooks keep to the client
 * that they began with. By index, because state goes where a component suspends below, and each try would find
 * an empty cache.
 */
function useOwnQueryClient(index: VectorIndex): QueryClient {
  // Two requests to a server share nothing.
  const [own] = useState(() => (isServer ? new QueryClient() : ownQueryClientOf(index)));
  return own;
}

function ownQueryClientOf(index: VectorIndex): QueryClient {
  const own = ownQueryClients.get(index) ?? new QueryClient();
  ownQueryClients.set(index, own);
  return own;
}

interface Held {
  readonly options: VectorIndexOptions;
  readonly index: VectorIndex;
}

function hold(options: VectorIndexOptions): Held {
  // One user's options are no concern of another's request.
  const make = isServer ? createVectorIndex : acquireVectorIndex;
  return { options, index: make(options) };
}

function isFor({ options }: Held, { name, encryption }: VectorIndexOptions): boolean {
  return options.name === name && sameEncryption(options.encryption, encryption);
}

function useProvidedIndex(props: VectorIndexProviderProps): VectorIndex {
  const given = props.index;
  const [held, setHeld] = useState<Held | null>(() =>
    props.index === undefined ? hold(props) : null,
  );

  let index = given ?? held?.index;
  if (props.index === undefined && (held === null || !isFor(held, props))) {
    // The registry is keyed by name, so acquiring during render is idempotent.
    const next = hold(props);
    index = next.index;
    setHeld(next);
  }

  useEffect(
    () => (given === undefined && held !== null ? retainVectorIndex(held.index) : undefined),
    [given, held],
  );

  // One of the two is always set; the types cannot see that `given ?? held` covers both.
  return index as VectorIndex;
}
