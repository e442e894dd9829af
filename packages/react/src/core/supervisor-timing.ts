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

/** How long the answer to a call may take. */
export function deadlineMs(
  kind: CallKind,
  payload: Payload<CallKind>,
  timing: SupervisorTiming,
): number {
  // The first time that a filter asks for a field, all rows are read.
  if ('filter' in payload && payload.filter) return timing.openMs;
  switch (kind) {
    case 'open':
    case 'namespaces':
    case 'purge':
    case 'snapshot':
    case 'verify':
    case 'repair':
      return timing.openMs;
    case 'put':
    case 'remove':
    case 'changeKey':
    case 'destroy':
      return timing.writeMs;
    case 'plan':
    case 'search':
    case 'get':
    case 'list':
    case 'count':
    case 'pick':
    case 'stats':
    case 'follow':
    case 'ping':
    case 'close':
      return timing.readMs;
  }
}
