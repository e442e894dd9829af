'use client';

import { createContext, useContext, type RefObject } from 'react';
import type { ScoreBand } from '../score/band.ts';
import type { RecalledItem } from '../../memory/types.ts';
import { outside } from '../state/outside.ts';
import type { ChatMemoryLabels } from './labels.ts';
import type { RecalledRow } from './recalled-rows.ts';

export type ChatMemoryState = 'looking' | 'recalled' | 'nothing' | 'error';

export interface ChatMemoryContextValue {
  readonly state: ChatMemoryState;
  readonly rows: readonly RecalledRow[];
  /** Turns that are remembered, without those on their way out. */
  readonly count: number;
  readonly labels: ChatMemoryLabels;
  readonly isOpen: boolean;
  readonly setIsOpen: (isOpen: boolean) => void;
  readonly listId: string;
  readonly rootRef: RefObject<HTMLDivElement | null>;
  readonly bandOf: (item: RecalledItem) => ScoreBand | null;
  readonly threadTitleOf: (threadId: string) => string | undefined;
  readonly forget: (item: RecalledItem, position: number) => void;
  readonly undo: (item: RecalledItem) => void;
  readonly retry: () => void;
}

export const ChatMemoryContext = createContext<ChatMemoryContextValue | null>(null);

/** @param part what an app would have to move, if it is a part of its own */
export function useChatMemoryContext(part = ''): ChatMemoryContextValue {
  const context = useContext(ChatMemoryContext);
  if (context !== null) return context;
  throw outside(`ChatMemoryParts.${part}`, 'ChatMemoryParts.Root');
}

/** One row of `<ChatMemoryParts.List>`. */
export interface RowContextValue extends RecalledRow {
  /** From 0, the best first. */
  readonly position: number;
}

export const RowContext = createContext<RowContextValue | null>(null);

export function useRow(part: string): RowContextValue {
  const row = useContext(RowContext);
  if (row !== null) return row;
  throw outside(`ChatMemoryParts.${part}`, 'ChatMemoryParts.List');
}
