export {
  ChatMemoryFailure as Failure,
  ChatMemoryForget as Forget,
  ChatMemoryList as List,
  ChatMemoryQuiet as Quiet,
  ChatMemoryRetry as Retry,
  ChatMemoryToggle as Toggle,
} from './list.tsx';
export { ChatMemoryRoot as Root } from './root.tsx';
