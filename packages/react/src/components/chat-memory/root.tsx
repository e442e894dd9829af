'use client';

import type { SkipToken } from '@tanstack/react-query';
import {
  useId,
  useMemo,
  useRef,
  useState,
  type ComponentPropsWithoutRef,
  type ReactElement,
} from 'react';
import type { VectorIndex } from '../../core/types.ts';
import type { RecalledItem } from '../../memory/types.ts';
import { useChatMemory } from '../../react/use-chat-memory.ts';
import { useRecall } from '../../react/use-recall.ts';
import { useVectorIndexContext } from '../../react/use-vector-index.ts';
import { bandOfCosine, type ScoreBand } from '../score/band.ts';
import { LiveRegion } from '../state/live-region.tsx';
import { useAnnouncement } from '../state/use-announcement.ts';
import { ChatMemoryContext, type ChatMemoryState } from './context.ts';
import { englishMemoryLabels, type ChatMemoryLabels } from './labels.ts';
import { recalledRows } from './recalled-rows.ts';
import { useForgetting, type ForgottenItem } from './use-forgetting.ts';

/** What the root of a chat memory takes: what to recall, how to show it, and attributes of a `div`. */
export interface ChatMemoryRootProps extends ComponentPropsWithoutRef<'div'> {
  /** Whose memory. */
  readonly namespace: string;
  /** What is asked now. Blank text and `skipToken` recall nothing. */
  readonly query: string | SkipToken;
  /** How many turns at most. Default 5. */
  readonly k?: number | undefined;
  /** Leaves out turns that score lower. Default 0.25. */
  readonly minScore?: number | undefined;
  /** Turns that must not come back, such as the message itself. */
  readonly exclude?: readonly string[] | undefined;
  /** Words in place of the English ones. */
  readonly labels?: Partial<ChatMemoryLabels> | undefined;
  /** `null` shows no band. Default: by `cosineBands`, for the cosine metric. */
  readonly getBand?: ((item: RecalledItem) => ScoreBand | null) | undefined;
  /** Names the conversation that a turn comes from. Default: none is named. */
  readonly getThreadTitle?: ((threadId: string) => string | undefined) | undefined;
  /** Whether the list is open at first. Default false. */
  readonly defaultOpen?: boolean | undefined;
  /** Default: the provider's. */
  readonly index?: VectorIndex | undefined;
}

/**
 * Holds the list together: what is recalled, what is being forgotten, open or not.
 *
 * @example
 * ```tsx
 * import { ChatMemoryParts } from '@akin/react/components';
 *
 * export function Memory({ user, query }: { user: string; query: string }) {
 *   return (
 *     <ChatMemoryParts.Root namespace={user} query={query}>
 *       <ChatMemoryParts.Quiet />
 *       <ChatMemoryParts.Failure>
 *         Memory could not be read. <ChatMemoryParts.Retry />
 *       </ChatMemoryParts.Failure>
 *       <ChatMemoryParts.Toggle />
 *       <ChatMemoryParts.List>
 *         {({ item }) => (
 *           <>
 *             {item.text} <ChatMemoryParts.Forget />
 *           </>
 *         )}
 *       </ChatMemoryParts.List>
 *     </ChatMemoryParts.Root>
 *   );
 * }
 * ```
 */
export function ChatMemoryRoot({
  namespace,
  query,
  k,
  minScore,
  exclude,
  labels: words,
  getBand,
  getThreadTitle,
  defaultOpen = false,
  index: given,
  children,
  ...elementProps
}: ChatMemoryRootProps): ReactElement {
  const labels = useMemo(() => ({ ...englishMemoryLabels, ...words }), [words]);
  const { index } = useVectorIndexContext('ChatMemory', given);
  // Nothing is remembered from here, so no turn gets this thread.
  const { memory } = useChatMemory({ namespace, threadId: '', index: given });
  const recall = useRecall({ namespace, query, k, minScore, exclude, index: given });
  const { forgotten, latest, forget, undo } = useForgetting(memory);
  const [isOpen, setIsOpen] = useState(defaultOpen);
  const listId = useId();
  const rootRef = useRef<HTMLDivElement>(null);

  const recalled = recall.data ?? nothing;
  const rows = useMemo(() => recalledRows(recalled, forgotten), [recalled, forgotten]);
  const count = rows.filter(({ phase }) => phase === 'remembered' || phase === 'restored').length;
  const isAsking = typeof query === 'string' && query.trim() !== '';
  const state = stateOf(recall, isAsking, rows.length);
  const message = messageOf(state, latest, labels);
  const announcement = useAnnouncement(message, latest ?? recall.errorUpdateCount);

  return (
    <ChatMemoryContext.Provider
      value={{
        state,
        rows,
        count,
        labels,
        isOpen,
        setIsOpen,
        listId,
        rootRef,
        bandOf: (item) => {
          if (getBand !== undefined) return getBand(item);
          return index.metric === 'cosine' ? bandOfCosine(item.score) : null;
        },
        threadTitleOf: (threadId) => getThreadTitle?.(threadId),
        forget,
        undo,
        retry: () => void recall.refetch(),
      }}
    >
      <div
        // Takes the focus of what leaves while nothing else is there to take it.
        tabIndex={-1}
        {...elementProps}
        ref={rootRef}
        data-state={state}
        data-open={isOpen ? '' : undefined}
      >
        {children}
        <LiveRegion text={announcement} />
      </div>
    </ChatMemoryContext.Provider>
  );
}

const nothing: readonly RecalledItem[] = [];

function stateOf(
  recall: { readonly isError: boolean; readonly isPending: boolean },
  isAsking: boolean,
  rowCount: number,
): ChatMemoryState {
  if (rowCount > 0) return 'recalled';
  if (recall.isError) return 'error';
  return recall.isPending && isAsking ? 'looking' : 'nothing';
}

function messageOf(
  state: ChatMemoryState,
  latest: ForgottenItem | undefined,
  labels: ChatMemoryLabels,
): string | null {
  if (state === 'looking') return null;
  if (state === 'error') return labels.failed;
  switch (latest?.phase) {
    case undefined:
      return '';
    case 'forgotten':
      return labels.forgotten;
    case 'kept':
      return labels.notForgotten;
    case 'lost':
      return labels.notRestored;
    case 'forgetting':
    case 'restoring':
    case 'restored':
      return null;
  }
}
