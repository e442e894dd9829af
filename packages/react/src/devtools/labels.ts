import type { VectorIndexErrorCode } from '../core/errors.ts';
import type { IndexState, IndexStatus } from '../core/types.ts';
import type { Latency } from './latency.ts';
import { BUCKET_ENDS_MS } from './latency.ts';
import type { ProbeReport } from './probe.ts';
import { PROBE_K } from './probe.ts';
import type { LogEntry, RecordedCall, StatusChange } from './recorder.ts';

/** Something about an index that its developer should look at. */
export type DevtoolsProblem = 'error' | 'degraded' | 'evicted' | 'full' | 'ephemeral';

/** Every word that the devtools say. Give a part of it, in your language. */
export interface DevtoolsLabels {
  /** Of the button that opens them. */
  readonly open: string;
  readonly close: string;
  /** Names the panel, together with the index. */
  readonly title: string;
  readonly state: (state: IndexState) => string;
  readonly problem: (problem: DevtoolsProblem, status: IndexStatus) => string;

  readonly documents: string;
  readonly namespaces: string;
  /** Of the list of namespaces with how many documents each holds. */
  readonly byNamespace: string;
  readonly unindexed: string;
  readonly tombstones: string;
  readonly memory: string;
  readonly revision: string;
  readonly storage: string;
  readonly embedder: string;
  readonly count: (count: number) => string;
  readonly bytes: (bytes: number) => string;
  /** Where the index is stored, and whether it will stay. */
  readonly stored: (storage: IndexStatus['storage']) => string;
  readonly embedded: (embedderId: string | null, dimensions: number, metric: string) => string;
  /** In the place of what is not known. */
  readonly unknown: string;

  readonly latency: string;
  readonly embedding: string;
  readonly searching: string;
  /** Beside the name of a histogram. */
  readonly latencyFigures: (latency: Latency) => string;
  /** A histogram in words, for screen readers. */
  readonly latencyBuckets: (latency: Latency) => string;
  /** Under the histograms, one for each bucket: its end, or `null` for the last, which has none. */
  readonly bucket: (endMs: number | null) => string;
  readonly noSearches: string;

  readonly recall: string;
  readonly recallHint: string;
  readonly sampleSize: string;
  readonly namespace: string;
  readonly run: string;
  readonly stop: string;
  readonly probing: (done: number, total: number) => string;
  /** Names of the figures that come out. */
  readonly recallAtTen: string;
  readonly speedUp: string;
  readonly distances: string;
  readonly share: (share: number) => string;
  readonly times: (factor: number) => string;
  readonly ofDistances: (report: ProbeReport) => string;
  readonly probed: (report: ProbeReport) => string;
  readonly nothingToProbe: string;
  readonly probeFailed: (code: VectorIndexErrorCode) => string;

  readonly log: string;
  readonly clear: string;
  /** What a button clears, for screen readers. */
  readonly clearOf: (what: string) => string;
  readonly emptyLog: string;
  readonly time: (at: number) => string;
  readonly duration: (ms: number) => string;
  readonly entry: (entry: LogEntry) => string;
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const thousandths = new Intl.NumberFormat('en', {
  minimumFractionDigits: 3,
  maximumFractionDigits: 3,
});
const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

export const englishDevtoolsLabels: DevtoolsLabels = {
  open: 'Open Akin devtools',
  close: 'Close Akin devtools',
  title: 'Akin',
  state: (state) => state,
  problem: describeProblem,

  documents: 'Documents',
  namespaces: 'Namespaces',
  byNamespace: 'By namespace',
  unindexed: 'Not in the graph yet',
  tombstones: 'Removed, still in it',
  memory: 'Memory',
  revision: 'Revision',
  storage: 'Storage',
  embedder: 'Embedder',
  count: (count) => whole.format(count),
  bytes: describeBytes,
  stored: describeStorage,
  embedded: (id, dimensions, metric) =>
    `${id ?? 'none, vectors are given'} · ${whole.format(dimensions)} dimensions · ${metric}`,
  unknown: '–',

  latency: 'Latency',
  embedding: 'Embedding',
  searching: 'Searching',
  latencyFigures: ({ count, medianMs, p95Ms }) =>
    `${whole.format(count)} · median ${duration(medianMs)} · 95 % ${duration(p95Ms)}`,
  latencyBuckets: ({ buckets }) =>
    buckets
      .flatMap((count, at) => (count === 0 ? [] : [`${whole.format(count)} ${range(at)}`]))
      .join(', '),
  bucket: (endMs) => (endMs === null ? 'more' : String(endMs)),
  noSearches: 'Searches from now on are measured.',

  recall: 'Recall',
  recallHint:
    'Asks for the neighbours of random documents: as your app does, and by comparing every vector.',
  sampleSize: 'Documents',
  namespace: 'Namespace',
  run: 'Measure',
  stop: 'Stop',
  probing: (done, total) => `${whole.format(done)} of ${whole.format(total)}`,
  recallAtTen: `Recall@${PROBE_K}`,
  speedUp: 'Speed-up',
  distances: 'Distances',
  share: (share) => thousandths.format(share),
  times: (factor) => `${fine.format(factor)}×`,
  ofDistances: ({ usual, exact }) =>
    `${whole.format(usual.evaluations)} of ${whole.format(exact.evaluations)}`,
  probed: describeProbe,
  nothingToProbe: 'There are no two documents to compare in this namespace.',
  probeFailed: (code) => `The measurement ended with “${code}”.`,

  log: 'Log',
  clear: 'Clear',
  clearOf: (what) => `Clear: ${what}`,
  emptyLog: 'Nothing has happened yet.',
  time: (at) => clock.format(at),
  duration,
  entry: ({ call, change }) => (call ? describeCall(call) : describeChange(change)),
};

function plural(count: number, one: string, many = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : many}`;
}

function duration(ms: number | null): string {
  if (ms === null) return '–';
  if (ms >= 10_000) return `${fine.format(ms / 1_000)} s`;
  return `${ms < 100 ? fine.format(ms) : whole.format(ms)} ms`;
}

function range(bucket: number): string {
  const from = BUCKET_ENDS_MS[bucket - 1];
  const to = BUCKET_ENDS_MS[bucket];
  if (from === undefined) return `under ${to} ms`;
  return to === undefined ? `from ${from} ms` : `from ${from} to ${to} ms`;
}

function describeBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const format = power < 2 ? whole : fine;
  return `${format.format(bytes / 1_000 ** power)} ${units[power]}`;
}

function describeStorage({ kind, ephemeral, persisted, usageBytes, quotaBytes }: Storage): string {
  if (ephemeral) return kind === 'memory' ? 'Memory, as asked for' : 'Memory, gone with this tab';
  const used =
    usageBytes === null || quotaBytes === null
      ? []
      : [`this site uses ${describeBytes(usageBytes)} of ${describeBytes(quotaBytes)}`];
  const kept = persisted === null ? [] : [persisted ? 'persisted' : 'the browser may clear it'];
  return ['IndexedDB', ...used, ...kept].join(' · ');
}
type Storage = IndexStatus['storage'];

function describeProblem(problem: DevtoolsProblem, { error }: IndexStatus): string {
  switch (problem) {
    case 'error':
      return error ? `${error.code}: ${error.message}` : 'The index failed.';
    case 'degraded':
      return 'The engine failed several times. Every vector is compared in JavaScript; reload to start it again.';
    case 'evicted':
      return 'What an earlier visit stored is gone. Insert it again.';
    case 'full':
      return 'The last write found no room.';
    case 'ephemeral':
      return 'The browser stores nothing here: all is gone with this tab.';
  }
}

function describeProbe({ asked, walks, speedUp, efSearch }: ProbeReport): string {
  const searches = plural(asked, 'document');
  if (walks === 0) {
    return `${searches}. Every search compared all vectors, as so few need no graph: nothing is missed.`;
  }
  const rest = asked - walks;
  return [
    `${searches}, ${efSearch === null ? '' : `${whole.format(efSearch)} candidates (efSearch), `}against all vectors as the index keeps them.`,
    ...(rest > 0 ? [`${plural(rest, 'search', 'searches')} needed no graph.`] : []),
    ...(speedUp === null ? ['The clock is too coarse for a speed-up.'] : []),
  ].join(' ');
}

function describeCall(call: RecordedCall): string {
  const { error } = call;
  if (error?.code === 'aborted') return `${names[call.kind]}: given up`;
  const outcome = error ? `failed with ${error.code}` : describeOutcome(call);
  return `${names[call.kind]}: ${outcome}`;
}

const names: Readonly<Record<RecordedCall['kind'], string>> = {
  search: 'Search',
  insert: 'Insert',
  remove: 'Remove',
  purge: 'Purge',
  optimize: 'Optimize',
  verify: 'Verify',
  repair: 'Repair',
};

function describeOutcome(call: RecordedCall): string {
  switch (call.kind) {
    case 'search':
      return `${whole.format(call.found ?? 0)} of ${whole.format(call.searched ?? 0)}, by ${call.target}`;
    case 'insert': {
      const { inserted = 0, updated = 0, unchanged = 0 } = call.result ?? {};
      const parts = [
        ...(inserted > 0 ? [`${whole.format(inserted)} new`] : []),
        ...(updated > 0 ? [`${whole.format(updated)} replaced`] : []),
        ...(unchanged > 0 ? [`${whole.format(unchanged)} unchanged`] : []),
      ];
      return `${parts.join(', ') || 'nothing'}${idList(call.ids, call.documentCount)}`;
    }
    case 'remove':
    case 'purge': {
      const removed = plural(call.removed ?? 0, 'document');
      if (call.ids) return `${removed}${idList(call.ids, call.removed ?? 0)}`;
      return `${removed}, all of ${call.namespace ?? 'a namespace'}`;
    }
    case 'optimize':
    case 'verify':
    case 'repair':
      return 'done';
  }
}

function idList(ids: readonly string[], count: number): string {
  if (ids.length === 0) return '';
  return ` (${ids.join(', ')}${count > ids.length ? ', …' : ''})`;
}

function describeChange(change: StatusChange): string {
  switch (change.kind) {
    case 'state':
      return `Status: ${change.state}${change.error ? `, ${change.error.code}` : ''}`;
    case 'degraded':
      return `Status: ${change.isSo ? 'degraded' : 'no longer degraded'}`;
    case 'ephemeral':
      return `Storage: ${change.isSo ? 'memory only' : 'IndexedDB again'}`;
    case 'evicted':
      return `Storage: ${change.isSo ? 'cleared' : 'filled again'}`;
    case 'full':
      return `Storage: ${change.isSo ? 'full' : 'room again'}`;
  }
}
