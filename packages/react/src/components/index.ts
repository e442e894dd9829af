export * as ChatMemoryParts from './chat-memory/parts.ts';
export { ChatMemory, type ChatMemoryProps } from './chat-memory/chat-memory.tsx';
export type { RowContextValue } from './chat-memory/context.ts';
export type { ChatMemoryLabels } from './chat-memory/labels.ts';
export type { ChatMemoryListProps } from './chat-memory/list.tsx';
export type { RecalledRow } from './chat-memory/recalled-rows.ts';
export type { ChatMemoryRootProps } from './chat-memory/root.tsx';
export { bandOfCosine, cosineBands, type ScoreBand } from './score/band.ts';
export { ScoreBars, type ScoreBarsProps } from './score/score-bars.tsx';
export type { HitGroup } from './search-box/context.ts';
export type { SearchBoxClearProps, SearchBoxInputProps } from './search-box/field.tsx';
export type {
  FailureLabel,
  IndexingLabelValues,
  SemanticSearchBoxLabels,
} from './search-box/labels.ts';
export type {
  SearchBoxItemProps,
  SearchBoxListProps,
  SearchBoxSuggestionProps,
} from './search-box/list.tsx';
export type { SearchBoxPanelProps } from './search-box/panel.tsx';
export * as SearchBoxParts from './search-box/parts.ts';
export type { SearchBoxProgressProps } from './search-box/progress.tsx';
export type { SearchBoxRootProps, SelectDetails } from './search-box/root.tsx';
export type { SearchBoxState } from './search-box/search-box-state.ts';
export {
  SemanticSearchBox,
  type SemanticSearchBoxProps,
} from './search-box/semantic-search-box.tsx';
export type { CompositionProps } from './search-box/use-composition.ts';
export {
  useSemanticSearchBox,
  type SemanticSearchBoxModel,
  type UseSemanticSearchBoxOptions,
  type ValueChangeReason,
} from './search-box/use-semantic-search-box.ts';
export { MarkedText, type MarkedTextProps } from './text/marked-text.tsx';
