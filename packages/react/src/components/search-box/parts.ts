export {
  SearchBoxActivity as Activity,
  SearchBoxClear as Clear,
  SearchBoxField as Field,
  SearchBoxInput as Input,
  SearchBoxShortcut as Shortcut,
} from './field.tsx';
export {
  SearchBoxGroupLabel as GroupLabel,
  SearchBoxItem as Item,
  SearchBoxList as List,
  SearchBoxSuggestion as Suggestion,
} from './list.tsx';
export {
  SearchBoxEmpty as Empty,
  SearchBoxFailure as Failure,
  SearchBoxFailureDetail as FailureDetail,
  SearchBoxFailureTitle as FailureTitle,
  SearchBoxRetry as Retry,
  SearchBoxSearched as Searched,
  SearchBoxShowNearest as ShowNearest,
} from './messages.tsx';
export { SearchBoxPanel as Panel } from './panel.tsx';
export { SearchBoxProgress as Progress } from './progress.tsx';
export { SearchBoxRoot as Root } from './root.tsx';
