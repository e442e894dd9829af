import type { IndexCall } from '../core/call-feed.ts';
import type { VectorIndexError } from '../core/errors.ts';
import { inspectable } from '../core/inspect.ts';
import type { IndexState, IndexStatus, Readable, VectorIndex } from '../core/types.ts';
import { subjectOf, type CallSubject } from './call-subject.ts';

/** Entries of the log, and samples of a latency, that are kept. */
export const LOG_LENGTH = 200;
const SAMPLES = 1_000;
/** While much happens, whoever looks is told this often. */
const TELL_MS = 100;

/** What a status began or ceased to say. */
export type StatusChange =
  | {
      readonly kind: 'state';
      readonly state: IndexState;
      readonly error: VectorIndexError | null;
    }
  | { readonly kind: 'degraded' | 'ephemeral' | 'evicted' | 'full'; readonly isSo: boolean };

export type LogEntry = {
  /** Unique within one recording, rising. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
} & (
  | { readonly call: RecordedCall; readonly change?: undefined }
  | { readonly change: StatusChange; readonly call?: undefined }
);

/** Without the signal, which would keep alive what its caller holds. */
export type RecordedCall = CallSubject & Pick<IndexCall, 'durationMs' | 'error'>;

/** What was seen so far. A new object whenever something came. */
export interface Recording {
  /** Newest first. */
  readonly log: readonly LogEntry[];
  /** Milliseconds that queries took to embed and to search, oldest first. */
  readonly embedMs: readonly number[];
  readonly searchMs: readonly number[];
}

export interface Recorder extends Readable<Recording> {
  /** Records from now on, until the returned function is called. */
  start(): () => void;
  /** Passes over searches with this signal. */
  ignore(signal: AbortSignal): void;
  readonly clearLog: () => void;
  readonly clearTimes: () => void;
}

const nothing: Recording = { log: [], embedMs: [], searchMs: [] };

/** Records what an index is asked and how it fares: ids and counts, no texts. */
export function createRecorder(index: VectorIndex): Recorder {
  const listeners = new Set<() => void>();
  const ignored = new WeakSet<AbortSignal>();
  let recording = nothing;
  let lastNumber = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const set = (change: Partial<Recording>) => {
    recording = { ...recording, ...change };
    if (listeners.size === 0) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      listeners.forEach((listener) => listener());
    }, TELL_MS);
  };
  const log = (
    at: number,
    what: { readonly call: RecordedCall } | { readonly change: StatusChange },
  ) => ({ log: [{ number: ++lastNumber, at, ...what }, ...recording.log].slice(0, LOG_LENGTH) });

  const onCall = (heard: IndexCall) => {
    const { startedAt, signal, durationMs, error } = heard;
    if (signal && ignored.has(signal)) return;
    const call: RecordedCall = { ...subjectOf(heard), durationMs, error };
    const isSearch = call.kind === 'search';
    set({ ...log(startedAt, { call }), ...(isSearch ? times(recording, call) : {}) });
  };

  return {
    get: () => recording,
    subscribe(listener) {
      const own = () => listener();
      listeners.add(own);
      return () => listeners.delete(own);
    },
    start() {
      let before = index.status.get();
      const stopStatus = index.status.subscribe(() => {
        const now = index.status.get();
        for (const change of changesOf(before, now)) set(log(Date.now(), { change }));
        before = now;
      });
      const stopCalls = inspectable(index)?.observe(onCall);
      return () => {
        stopStatus();
        stopCalls?.();
        clearTimeout(timer);
        timer = undefined;
      };
    },
    ignore: (signal) => void ignored.add(signal),
    clearLog: () => set({ log: [] }),
    clearTimes: () => set({ embedMs: [], searchMs: [] }),
  };
}

function times(
  { embedMs, searchMs }: Recording,
  { took, target }: Extract<CallSubject, { kind: 'search' }>,
): Partial<Recording> {
  if (!took) return {};
  return {
    searchMs: [...searchMs, took.searchMs].slice(-SAMPLES),
    ...(target === 'text' ? { embedMs: [...embedMs, took.embedMs].slice(-SAMPLES) } : {}),
  };
}

function changesOf(before: IndexStatus, now: IndexStatus): StatusChange[] {
  const changes: StatusChange[] = [];
  if (now.state !== before.state || now.error !== before.error) {
    changes.push({ kind: 'state', state: now.state, error: now.error });
  }
  if (now.degraded !== before.degraded) changes.push({ kind: 'degraded', isSo: now.degraded });
  for (const kind of ['ephemeral', 'evicted', 'full'] as const) {
    const isSo = now.storage[kind];
    if (isSo !== before.storage[kind]) changes.push({ kind, isSo });
  }
  return changes;
}
