import type { CallKind, Payload } from './protocol.ts';

export interface SupervisorTiming {
  readonly tickMs: number;
  /** Ticks without any message while an answer is due, after which the worker counts as dead. */
  readonly silentTicks: number;
  readonly helloMs: number;
  readonly openMs: number;
  readonly writeMs: number;
  readonly readMs: number;
  readonly stopMs: number;
  /** Restarts within a minute. */
  readonly maxRestarts: number;
}

export const DEFAULT_TIMING: SupervisorTiming = {
  tickMs: 1_000,
  silentTicks: 5,
  helloMs: 30_000,
  openMs: 120_000,
  writeMs: 60_000,
  readMs: 10_000,
  stopMs: 1_000,
  maxRestarts: 3,
};

/** Reads everything, or nearly. */
const LONG: readonly CallKind[] = ['open', 'namespaces', 'purge', 'snapshot', 'verify', 'repair'];
const WRITES: readonly CallKind[] = ['plan', 'put', 'remove', 'changeKey', 'destroy'];

/** How long the answer to a call may take. */
export function deadlineMs(
  kind: CallKind,
  payload: Payload<CallKind>,
  timing: SupervisorTiming,
): number {
  // The first time that a filter asks for a field, all rows are read.
  if (('filter' in payload && payload.filter) || LONG.includes(kind)) return timing.openMs;
  return WRITES.includes(kind) ? timing.writeMs : timing.readMs;
}
