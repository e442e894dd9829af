'use client';

import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { VectorIndex, VectorIndexError } from '../core/index.ts';
import { createChatMemory } from '../memory/chat-memory.ts';
import type {
  ChatMemory,
  ChatMemoryOptions,
  ChatTurn,
  ForgetReceipt,
  ForgetTarget,
  MemoryItem,
  TurnMetadata,
} from '../memory/types.ts';
import { localMutation } from './local-query.ts';
import { useVectorIndexContext } from './use-vector-index.ts';

/** What {@link useChatMemory} takes. */
export interface UseChatMemoryOptions extends ChatMemoryOptions {
  /** Default: the provider's. */
  readonly index?: VectorIndex | undefined;
}

/** A memory, and what changes it. */
export interface UseChatMemoryResult {
  /** The memory itself, for send handlers: `await memory.recall(question)`. Stable. */
  readonly memory: ChatMemory;
  /** Remembers turns; succeeds with them when they are stored. */
  readonly remember: UseMutationResult<
    readonly MemoryItem[],
    VectorIndexError,
    ChatTurn | readonly ChatTurn[]
  >;
  /** Forgets turns; succeeds with what can undo that. */
  readonly forget: UseMutationResult<ForgetReceipt, VectorIndexError, ForgetTarget>;
}

/**
 * Memory of a conversation: `remember` turns, `recall` those that a text is about, `forget`.
 * {@link useRecall} shows what is recalled while a person types.
 *
 * @example
 * ```tsx
 * import { useChatMemory } from '@akin/react';
 *
 * export function Composer({ user, threadId }: { user: string; threadId: string }) {
 *   const { memory, remember } = useChatMemory({ namespace: user, threadId });
 *   const send = async (text: string) => {
 *     const recalled = await memory.recall(text, { k: 3 });
 *     remember.mutate({ id: crypto.randomUUID(), role: 'user', text });
 *     return recalled.map((item) => item.text);
 *   };
 *   return <button onClick={() => void send('What is my dog called?')}>Send</button>;
 * }
 * ```
 */
export function useChatMemory(options: UseChatMemoryOptions): UseChatMemoryResult {
  const { namespace, threadId } = options;
  const { index, queryClient } = useVectorIndexContext('useChatMemory', options.index);
  const memory = useMemo(
    () => createChatMemory(index as unknown as VectorIndex<TurnMetadata>, { namespace, threadId }),
    [index, namespace, threadId],
  );
  const remember = useMutation<
    readonly MemoryItem[],
    VectorIndexError,
    ChatTurn | readonly ChatTurn[]
  >({ mutationFn: (turns) => memory.remember(turns), ...localMutation }, queryClient);
  const forget = useMutation<ForgetReceipt, VectorIndexError, ForgetTarget>(
    { mutationFn: (target) => memory.forget(target), ...localMutation },
    queryClient,
  );
  return { memory, remember, forget };
}
