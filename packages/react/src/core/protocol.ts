import type { WireError } from './errors.ts';
import type {
  DocumentId,
  Durability,
  HealthReport,
  HnswOptions,
  IndexEncryption,
  InsertResult,
  Metadata,
  Metric,
  NamespaceInfo,
  SearchExplanation,
  SearchHit,
  SearchParams,
  StoredDocument,
} from './types.ts';

/**
 * What the page and the index worker say to each other. Both come from one release, and the
 * version tells when a cache mixed two.
 */
export const PROTOCOL_VERSION = 1;

/** The engine: an absolute URL, because a worker's own says nothing about the page's assets, or itself. */
export type WasmSource = string | WebAssembly.Module | WasmFailure;

/** The app's module did not come to be. The worker has the words for why. */
export interface WasmFailure {
  readonly failure: string;
}

export interface OpenPayload {
  readonly name: string;
  readonly storage: 'indexeddb' | 'memory';
  readonly durability: Durability;
  readonly dimensions: number;
  readonly metric: Metric;
  readonly embedderId: string | null;
  readonly hnsw: HnswOptions;
  readonly wasm: WasmSource;
  /** Without the engine, since it failed again and again: every vector is compared. */
  readonly isDegraded: boolean;
  /** This browser has stored the index before, as far as the page knows. */
  readonly wasStored: boolean;
  /** `null`: stored as it is. */
  readonly encryption: IndexEncryption | null;
}

/** A document whose text may not need embedding. */
export interface PlanDocument {
  readonly namespace: string;
  readonly id: DocumentId;
  readonly text: string | undefined;
  readonly metadata: Metadata | undefined;
}

export interface PlanReply {
  /** One a document, in order. See `PlannedAction` in storage. */
  readonly actions: readonly {
    readonly action: 'embed' | 'keep' | 'same' | 'missing';
    readonly truncated: boolean;
  }[];
}

export interface PutDocument extends PlanDocument {
  readonly truncated: boolean;
  /** The row in `vectors`; `null` keeps the stored vector. */
  readonly vector: number | null;
}

export interface PutPayload {
  /** Names the operation: sent twice, it is done once. */
  readonly opId: string;
  readonly embedderId: string | null;
  readonly documents: readonly PutDocument[];
  /** Row-major. */
  readonly vectors: Float32Array;
  /** Gives texts that are stored the vectors they lost, and changes nothing else. */
  readonly isRestoring?: boolean;
}

export type PutReply =
  | { readonly kind: 'stored'; readonly result: InsertResult }
  /** Another tab changed a text meanwhile: plan again. Nothing was written. */
  | { readonly kind: 'replan' };

export interface RemovePayload {
  readonly opId: string;
  readonly namespace: string;
  /** `null`: all of them. */
  readonly ids: readonly DocumentId[] | null;
}

export interface PurgeReply {
  readonly removed: number;
  readonly traces: number;
}

/** The other parameters as they were given: the worker checks them. */
export interface SearchPayload extends Omit<SearchParams, 'filter'> {
  readonly k: number;
  readonly target: Float32Array | { readonly id: DocumentId; readonly namespace: string };
  readonly namespace: string;
  readonly filter?: unknown;
}

export interface SearchReply {
  readonly hits: readonly SearchHit[];
  readonly searched: number;
  readonly revision: number;
  readonly searchMs: number;
  /** When it was asked for. */
  readonly explain?: SearchExplanation;
}

/** What can be asked of the worker, and what it answers. */
export interface Calls {
  open: { payload: OpenPayload; reply: OpenReply };
  plan: { payload: { readonly documents: readonly PlanDocument[] }; reply: PlanReply };
  put: { payload: PutPayload; reply: PutReply };
  remove: { payload: RemovePayload; reply: number };
  /** Removes, and deletes every trace. Answers what was removed, and the traces still found. */
  purge: { payload: RemovePayload; reply: PurgeReply };
  search: { payload: SearchPayload; reply: SearchReply };
  get: {
    payload: { readonly id: DocumentId; readonly namespace: string; readonly vector: boolean };
    reply: StoredDocument | undefined;
  };
  list: {
    payload: {
      readonly namespace: string;
      readonly limit: number;
      readonly after: DocumentId | undefined;
      /** As it was given, like that of a search. */
      readonly filter?: unknown;
    };
    reply: readonly StoredDocument[];
  };
  count: {
    payload: { readonly namespace: string; readonly filter?: unknown };
    reply: number;
  };
  /** Those that hold documents, by name. */
  namespaces: {
    payload: { readonly bytes: boolean };
    reply: readonly NamespaceInfo[];
  };
  /** Documents at some shares of the way through a namespace's slots. */
  pick: {
    payload: { readonly namespace: string; readonly shares: readonly number[] };
    reply: readonly DocumentId[];
  };
  stats: { payload: Record<never, never>; reply: WorkerStats };
  /** Reads what other tabs wrote, in case a hint was lost. Answers the revision then. */
  follow: { payload: Record<never, never>; reply: number };
  verify: { payload: Record<never, never>; reply: HealthReport };
  repair: { payload: Record<never, never>; reply: HealthReport };
  /** Takes removed vectors out of the graph and stores a snapshot. `false`: another tab is at that. */
  snapshot: { payload: Record<never, never>; reply: boolean };
  /** The index opens with this from now on. */
  changeKey: { payload: { readonly encryption: IndexEncryption }; reply: null };
  ping: { payload: Record<never, never>; reply: null };
  close: { payload: Record<never, never>; reply: null };
  /** Deletes the database, opened or not. */
  destroy: { payload: Pick<OpenPayload, 'name' | 'storage'>; reply: null };
}

export type CallKind = keyof Calls;
export type Payload<K extends CallKind> = Calls[K]['payload'];
export type Reply<K extends CallKind> = Calls[K]['reply'];

const CALL_KINDS: Record<CallKind, true> = {
  open: true,
  plan: true,
  put: true,
  remove: true,
  purge: true,
  search: true,
  get: true,
  list: true,
  count: true,
  namespaces: true,
  pick: true,
  stats: true,
  follow: true,
  verify: true,
  repair: true,
  snapshot: true,
  changeKey: true,
  ping: true,
  close: true,
  destroy: true,
};

/** What the status shows of the worker's side. */
export interface IndexFigures {
  readonly revision: number;
  readonly documentCount: number;
  readonly unindexedCount: number;
  readonly tombstoneCount: number;
  readonly memoryBytes: number;
}

export interface OpenReply {
  readonly figures: IndexFigures;
  /** Random, of the index's making: another one tells that the index is another. */
  readonly birthId: string;
  /** The browser refused to store anything, so all is in the worker's memory. */
  readonly isEphemeral: boolean;
}

export interface WorkerStats extends IndexFigures {
  /** Rows that failed their checksum and were left out. */
  readonly damagedPacks: number;
  /** Snapshots that could not be opened. Rows stand for what they held. */
  readonly damagedSnapshots: number;
  /** Rows that describe the index and were written anew, because they were lost or damaged. */
  readonly healedRows: number;
  /** Opened from a snapshot, or stored as one since. */
  readonly isFromSnapshot: boolean;
  readonly loadMs: number;
}

type CallOf<K extends CallKind> = {
  readonly type: 'call';
  readonly id: number;
  readonly kind: K;
  readonly payload: Payload<K>;
};
export type CallMessage = { [K in CallKind]: CallOf<K> }[CallKind];

export type PageMessage = CallMessage | { readonly type: 'cancel'; readonly id: number };

export type WorkerMessage =
  /** The worker runs and listens. */
  | { readonly type: 'hello'; readonly version: number }
  | { readonly type: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly error: WireError }
  | { readonly type: 'figures'; readonly figures: IndexFigures }
  /** The storage went away; the worker still runs. */
  | { readonly type: 'lost'; readonly error: WireError }
  /** The engine cannot be trusted any more: this worker must be replaced. */
  | {
      readonly type: 'fatal';
      /** The call that met it, or 0. */
      readonly id: number;
      readonly error: WireError;
    };

/** `null` for anything that is not ours. */
export function parsePageMessage(data: unknown): PageMessage | null {
  if (!isRecord(data) || typeof data.id !== 'number') return null;
  if (data.type === 'cancel') return { type: 'cancel', id: data.id };
  const isCall =
    data.type === 'call' &&
    typeof data.kind === 'string' &&
    Object.hasOwn(CALL_KINDS, data.kind) &&
    isRecord(data.payload);
  return isCall ? (data as unknown as CallMessage) : null;
}

/** `null` for anything that is not ours. */
export function parseWorkerMessage(data: unknown): WorkerMessage | null {
  return isRecord(data) && isComplete(data) ? (data as unknown as WorkerMessage) : null;
}

function isComplete(message: Record<string, unknown>): boolean {
  switch (message.type) {
    case 'hello':
      return typeof message.version === 'number';
    case 'reply':
      return typeof message.id === 'number';
    case 'failure':
    case 'fatal':
      return typeof message.id === 'number' && isWireError(message.error);
    case 'figures':
      return isRecord(message.figures);
    case 'lost':
      return isWireError(message.error);
    default:
      return false;
  }
}

function isWireError(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.code === 'string' &&
    typeof value.what === 'string' &&
    typeof value.hint === 'string'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
