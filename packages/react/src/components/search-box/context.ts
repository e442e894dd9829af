'use client';

import { createContext, useContext, type RefObject } from 'react';
import type { SearchHit } from '../../core/types.ts';
import type { ScoreBand } from '../score/band.ts';
import { outside } from '../state/outside.ts';
import type { Highlight } from './highlight.ts';
import type { SemanticSearchBoxLabels } from './labels.ts';
import type { SemanticSearchBoxModel, ValueChangeReason } from './use-semantic-search-box.ts';

/** Hits under one heading. */
export interface HitGroup {
  /** What `getHitGroup` gave for them. */
  readonly value: string;
  /** Best first. */
  readonly items: readonly SearchHit[];
}

export interface SearchBoxContextValue {
  readonly box: SemanticSearchBoxModel;
  readonly labels: SemanticSearchBoxLabels;
  readonly isInline: boolean;
  /** Of several namespaces one is searched; what the index counts are all of them. */
  readonly isNamespaced: boolean;
  readonly direction: 'ltr' | 'rtl' | undefined;
  /** `data-theme` around the box, for a popup that is rendered elsewhere. */
  readonly theme: string | undefined;
  /** What the list offers now: none once something is asked. */
  readonly suggestions: readonly string[];
  /** Hits by group, best first; `null` when hits are not grouped. */
  readonly groups: readonly HitGroup[] | null;
  readonly shortcut: string | undefined;
  readonly inputRef: RefObject<HTMLInputElement | null>;
  /** The popup; an inline panel is not in it. */
  readonly panelRef: RefObject<HTMLDivElement | null>;
  readonly highlightRef: RefObject<Highlight | null>;
  readonly changeValue: (value: string, reason: ValueChangeReason) => void;
  readonly bandOf: (hit: SearchHit) => ScoreBand | null;
  /** Opens a hit, unless it answers an earlier text. */
  readonly activate: (hit: SearchHit, event: MouseEvent | KeyboardEvent) => void;
}

export const SearchBoxContext = createContext<SearchBoxContextValue | null>(null);

/** @param part what an app would have to move, if it is a part of its own */
export function useSearchBox(part = ''): SearchBoxContextValue {
  const context = useContext(SearchBoxContext);
  if (context !== null) return context;
  throw outside(`SearchBoxParts.${part}`, 'SearchBoxParts.Root');
}
