import type { Metadata } from '../core/types.ts';
import { createColumns, forEachBit } from './columns.ts';
import type { Columns } from './columns.ts';
import type { CheckedFilter } from './filter.ts';
import type { SlotEntry } from './slot-entry.ts';
import { SEGMENT_SLOTS, decodeSegment, encodeSegment } from './slot-segment.ts';

interface Namespace {
  readonly slots: Map<string, number>;
  /** One bit a slot: what a search of this namespace may find. `null`: made when it is asked for. */
  bits: Uint32Array | null;
}

/** Documents from which on a namespace keeps its bits: of all slots each, thousands of small ones take much. */
const LEAST_KEPT = 1_024;

/**
 * Which slot holds which document. A search is given the bits of its namespace, so that it
 * cannot see another's documents, whatever goes wrong elsewhere.
 */
export interface SlotMap {
  readonly size: number;
  entry(slot: number): SlotEntry | undefined;
  find(namespace: string, id: string): number | undefined;
  set(slot: number, entry: SlotEntry): void;
  delete(slot: number): void;
  count(namespace: string): number;
  /** Those that hold something, with how many documents. */
  namespaces(): (readonly [namespace: string, documentCount: number])[];
  /** Of a namespace, or of what a filter lets through of it. Slots that are not known are left out then. */
  bits(namespace: string, filter?: CheckedFilter): Uint32Array;
  /** What of a namespace is to be learned before a filter can decide on it. */
  unknown(namespace: string, filter: CheckedFilter): SlotEntry[];
  /** Documents whose metadata is known, as far as filters have asked for it. */
  readonly knownCount: number;
  /**
   * Tells what metadata the operation `seq` gave a document, unless it has another by now. With `Infinity`
   * for what no later operation can have changed.
   */
  learn(entry: SlotEntry, metadata: Metadata, seq: number): void;
  /** The operation `seq` has changed the document's metadata. */
  changed(namespace: string, id: string, seq: number): void;
  /** Forgets the metadata of what was removed. */
  compactMetadata(): void;
  /** Segments that hold, or held, something. */
  readonly segmentCount: number;
  /** Another number after each change of a segment. */
  segmentRevision(segment: number): number;
  encodeSegment(segment: number): Uint8Array<ArrayBuffer>;
  /** Fills an empty segment with what was encoded. `false`: that is not what these bytes are. */
  loadSegment(segment: number, bytes: Uint8Array): boolean;
  /** The same of what is known of the documents' metadata, which may be nothing. */
  readonly columns: Pick<Columns, 'encodeSegment' | 'fields' | 'loadSegment' | 'segmentRevision'>;
}

const NO_BITS = new Uint32Array(1);

export function createSlotMap(): SlotMap {
  const entries: (SlotEntry | undefined)[] = [];
  const namespaces = new Map<string, Namespace>();
  const revisions: number[] = [];
  const columns = createColumns();
  /** By slot, the last operation that has changed a document but for its vector. */
  const changes = new Map<number, number>();
  let size = 0;

  const touch = (slot: number) => {
    const segment = Math.floor(slot / SEGMENT_SLOTS);
    while (revisions.length <= segment) revisions.push(0);
    revisions[segment] = (revisions[segment] ?? 0) + 1;
  };
  const named = (name: string): Namespace => {
    let found = namespaces.get(name);
    if (!found) namespaces.set(name, (found = { slots: new Map(), bits: null }));
    return found;
  };

  const makeBits = ({ slots }: Namespace) => {
    const bits = new Uint32Array(Math.ceil(entries.length / 32));
    for (const slot of slots.values()) withBit(bits, slot);
    return bits;
  };
  const bitsOf = (name: string) => {
    const found = namespaces.get(name);
    return found ? (found.bits ?? makeBits(found)) : NO_BITS;
  };
  const find = (namespace: string, id: string) => namespaces.get(namespace)?.slots.get(id);
  const set = (slot: number, entry: SlotEntry) => {
    const namespace = named(entry.namespace);
    entries[slot] = entry;
    namespace.slots.set(entry.id, slot);
    if (namespace.bits) namespace.bits = withBit(namespace.bits, slot);
    else if (namespace.slots.size >= LEAST_KEPT) namespace.bits = makeBits(namespace);
    columns.forget(slot);
    changes.delete(slot);
    touch(slot);
    size++;
  };
  function* entriesOf(segment: number): Generator<readonly [number, SlotEntry]> {
    const first = segment * SEGMENT_SLOTS;
    for (let at = 0; at < SEGMENT_SLOTS; at++) {
      const entry = entries[first + at];
      if (entry) yield [at, entry];
    }
  }

  return {
    get size() {
      return size;
    },
    entry: (slot) => entries[slot],
    find,
    set,
    delete(slot) {
      const entry = entries[slot];
      const namespace = entry && namespaces.get(entry.namespace);
      if (!namespace) return;
      entries[slot] = undefined;
      columns.forget(slot);
      changes.delete(slot);
      touch(slot);
      size--;
      const { bits } = namespace;
      if (bits) bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) & ~(1 << (slot & 31));
      // A replacement may have taken the name already.
      if (namespace.slots.get(entry.id) === slot) namespace.slots.delete(entry.id);
      if (namespace.slots.size < LEAST_KEPT / 2) namespace.bits = null;
      if (namespace.slots.size === 0) namespaces.delete(entry.namespace);
    },
    count: (namespace) => namespaces.get(namespace)?.slots.size ?? 0,
    namespaces: () => Array.from(namespaces, ([name, { slots }]) => [name, slots.size] as const),
    bits(namespace, filter) {
      const bits = bitsOf(namespace);
      if (!filter) return bits;
      columns.keep(filter);
      const known = columns.unknown(bits).map((word, at) => ~word & (bits[at] ?? 0));
      return columns.select(filter, known);
    },
    unknown(namespace, filter) {
      columns.keep(filter);
      const found: SlotEntry[] = [];
      forEachBit(columns.unknown(bitsOf(namespace)), (slot) => {
        const entry = entries[slot];
        if (entry) found.push(entry);
      });
      return found;
    },
    get knownCount() {
      return columns.knownCount;
    },
    learn(entry, metadata, seq) {
      const slot = find(entry.namespace, entry.id);
      const now = slot === undefined ? undefined : entries[slot];
      if (slot === undefined || now?.pack !== entry.pack || now.row !== entry.row) return;
      // A row may be read, and decrypted at leisure, while the document is changed.
      if (seq < (changes.get(slot) ?? 0)) return;
      columns.learn(slot, metadata);
    },
    changed(namespace, id, seq) {
      const slot = find(namespace, id);
      if (slot === undefined) return;
      columns.forget(slot);
      changes.set(slot, seq);
    },
    compactMetadata: () => columns.compact(),
    get segmentCount() {
      return revisions.length;
    },
    segmentRevision: (segment) => revisions[segment] ?? 0,
    columns,
    encodeSegment: (segment) => encodeSegment(entriesOf(segment)),
    loadSegment(segment, bytes) {
      const decoded = decodeSegment(bytes);
      if (!decoded) return false;
      for (const [at, entry] of decoded) {
        // A document is in one slot.
        if (find(entry.namespace, entry.id) !== undefined) return false;
        set(segment * SEGMENT_SLOTS + at, entry);
      }
      return true;
    },
  };
}

/** Sets a bit, in a larger array where it has no place. */
function withBit(bits: Uint32Array, slot: number): Uint32Array {
  const word = slot >>> 5;
  let room = bits;
  if (word >= bits.length) {
    room = new Uint32Array(Math.max(word + 1, bits.length * 2));
    room.set(bits);
  }
  room[word] = (room[word] ?? 0) | (1 << (slot & 31));
  return room;
}
