/** Snapshots in chunks: what changed since the last one, and opening one chunk by chunk. */
import { WasmIndex, WasmOpening } from '../wasm/akin_engine.js';
import { allocate } from './allocate.ts';
import { describe, expectArray } from './arguments.ts';
import { EngineError } from './engine-error.ts';
import type { Instance } from './instance.ts';
import type { ChunkedSnapshot, Index, IndexOpening, SnapshotChanges } from './types.ts';

/** Where the table of a manifest begins, and how long its rows are. */
const [TABLE_AT, ROW_BYTES, MANIFEST_BYTES_AT] = [100, 24, 12];
const kinds = ['state', 'codes', 'links'] as const;

interface Row {
  kind: number;
  number: number;
  bytes: number;
  checksum: bigint;
  key: string;
}

/** The table of a manifest that the module has made or checked. */
function rowsOf(manifest: Uint8Array): Row[] {
  const view = new DataView(manifest.buffer, manifest.byteOffset, manifest.byteLength);
  const end = view.getUint32(MANIFEST_BYTES_AT, true);
  const rows: Row[] = [];
  for (let at = TABLE_AT; at < end; at += ROW_BYTES) {
    const kind = view.getUint32(at, true);
    const number = view.getUint32(at + 4, true);
    const bytes = Number(view.getBigUint64(at + 8, true));
    const checksum = view.getBigUint64(at + 16, true);
    const content = checksum.toString(16).padStart(16, '0');
    rows.push({ kind, number, bytes, checksum, key: `${kinds[kind - 1]}-${number}-${content}` });
  }
  return rows;
}

/** A snapshot of this moment in one piece: the manifest, then all chunks. */
export function takeWhole(
  call: <Result>(operation: (wasm: WasmIndex) => Result) => Result,
): Uint8Array {
  const manifest = call((wasm) => wasm.manifest());
  const rows = rowsOf(manifest);
  const whole = allocate(
    rows.reduce((sum, { bytes }) => sum + bytes, manifest.length),
    Uint8Array,
  );
  whole.set(manifest);
  let at = manifest.length;
  for (const { kind, number, bytes, checksum } of rows) {
    const target = whole.subarray(at, (at += bytes));
    call((wasm) => wasm.readChunk(kind, number, checksum, target));
  }
  return whole;
}

/** A snapshot of this moment next to an earlier one. `call` runs an operation on the index. */
export function takeChanges(
  call: <Result>(operation: (wasm: WasmIndex) => Result) => Result,
  given: Uint8Array | undefined,
): SnapshotChanges {
  const since =
    given === undefined ? undefined : expectArray(given, 'Uint8Array', 'The earlier manifest');
  const manifest = call((wasm) => {
    if (since) WasmIndex.checkManifest(since);
    // A copy of its own length: what the glue returns is one already.
    return wasm.manifest() as Uint8Array<ArrayBuffer>;
  });
  const present = new Set(since && rowsOf(since).map(({ key }) => key));
  const rows = rowsOf(manifest);
  const chunks = rows
    .filter(({ key }) => !present.has(key))
    .map(({ kind, number, bytes, checksum, key }) => ({
      key,
      bytes,
      read() {
        const target = allocate(bytes, Uint8Array);
        call((wasm) => wasm.readChunk(kind, number, checksum, target));
        return target;
      },
    }));
  return { manifest, keys: rows.map(({ key }) => key), chunks };
}

/** A snapshot that is opened chunk by chunk. */
export class Opening implements IndexOpening {
  readonly keys: readonly string[];
  /** The lengths of the chunks. */
  readonly lengths: readonly number[];
  readonly #instance: Instance;
  readonly #wrap: (wasm: WasmIndex) => Index;
  #wasm: WasmOpening | undefined;
  #done = 0;

  constructor(instance: Instance, given: Uint8Array, wrap: (wasm: WasmIndex) => Index) {
    const manifest = expectArray(given, 'Uint8Array', 'The manifest');
    this.#instance = instance;
    this.#wrap = wrap;
    this.#wasm = instance.run(() => new WasmOpening(manifest));
    const rows = rowsOf(manifest);
    this.keys = rows.map(({ key }) => key);
    this.lengths = rows.map(({ bytes }) => bytes);
  }

  get next(): string | undefined {
    return this.keys[this.#done];
  }

  put(given: Uint8Array): void {
    const chunk = expectArray(given, 'Uint8Array', `The chunk ${this.next ?? ''}`);
    const wasm = this.#open();
    this.#instance.run(() => wasm.put(chunk));
    this.#done++;
  }

  finish(): Index {
    const wasm = this.#open();
    this.#wasm = undefined;
    return this.#instance.run(() => this.#wrap(wasm.finish()));
  }

  free(): void {
    const wasm = this.#wasm;
    if (!wasm) return;
    this.#wasm = undefined;
    this.#instance.run(() => wasm.free());
  }

  #open(): WasmOpening {
    if (this.#wasm) return this.#wasm;
    throw new EngineError('closed', 'The opening has ended. Begin another one.');
  }
}

/** Opens a snapshot in one piece. */
export function openWhole(opening: Opening, bytes: Uint8Array): Index {
  try {
    let at = bytes.length - opening.lengths.reduce((sum, length) => sum + length, 0);
    for (const length of opening.lengths) opening.put(bytes.subarray(at, (at += length)));
    return opening.finish();
  } finally {
    opening.free();
  }
}

/** Opens a snapshot of which all chunks are at hand. */
export function openChunks(opening: () => Opening, { chunks }: ChunkedSnapshot): Index {
  const give = typeof chunks === 'function' ? chunks : (_key: string, at: number) => chunks[at];
  if (typeof chunks !== 'function' && !Array.isArray(chunks)) {
    throw new EngineError(
      'invalid-input',
      `chunks is ${describe(chunks)}. Pass an array of chunks, or a function that gives one.`,
    );
  }
  const begun = opening();
  try {
    begun.keys.forEach((key, at) => {
      const chunk = give(key, at);
      if (chunk === undefined) {
        throw new EngineError(
          'corrupt',
          `The snapshot has lost its chunk ${key}. Rebuild the index from its vectors.`,
        );
      }
      begun.put(chunk);
    });
    return begun.finish();
  } finally {
    begun.free();
  }
}

/** Whether a snapshot is one in chunks; anything else has yet to be looked at. */
export function isChunked(snapshot: unknown): snapshot is ChunkedSnapshot {
  return typeof snapshot === 'object' && snapshot !== null && 'manifest' in snapshot;
}
