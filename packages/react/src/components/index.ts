export * as ChatMemoryParts from './chat-memory/parts.ts';
export { ChatMemory, type ChatMemoryProps } from './chat-memory/chat-memory.tsx';
export type { ChatMemoryLabels } from './chat-memory/labels.ts';
export { bandOfCosine, cosineBands, type ScoreBand } from './score/band.ts';
export { ScoreBars, type ScoreBarsProps } from './score/score-bars.tsx';
export type {
  FailureLabel,
  IndexingLabelValues,
  SemanticSearchBoxLabels,
} from './search-box/labels.ts';
export * as SearchBoxParts from './search-box/parts.ts';
export type { SearchBoxRootProps, SelectDetails } from './search-box/root.tsx';
export type { SearchBoxState } from './search-box/search-box-state.ts';
export {
  SemanticSearchBox,
  type SemanticSearchBoxProps,
} from './search-box/semantic-search-box.tsx';
export {
  useSemanticSearchBox,
  type SemanticSearchBoxModel,
  type UseSemanticSearchBoxOptions,
  type ValueChangeReason,
} from './search-box/use-semantic-search-box.ts';
export { MarkedText, type MarkedTextProps } from './text/marked-text.tsx';
