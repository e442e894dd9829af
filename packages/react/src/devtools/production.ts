export type { DevtoolsLabels, DevtoolsProblem } from './labels.ts';
export type { Latency } from './latency.ts';
export type { ProbeEffort, ProbeReport } from './probe.ts';
export {
  VectorIndexDevtools,
  type DevtoolsPosition,
  type VectorIndexDevtoolsProps,
} from './vector-index-devtools.tsx';
