export type { DevtoolsLabels } from './labels.ts';
export {
  VectorIndexDevtools,
  type DevtoolsPosition,
  type VectorIndexDevtoolsProps,
} from './vector-index-devtools.tsx';
