/* tslint:disable */
/* eslint-disable */

/**
 * An index, and the buffers between it and JavaScript.
 */
export class WasmIndex {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Adds vectors and stores their slots in `slots`, which has one place for each.
     */
    add(vectors: Float32Array, slots: Uint32Array): void;
    /**
     * Works on the graph; says whether it is complete. Work is counted in distances, and beyond
     * 2^53 taken as without bound.
     */
    buildStep(max_work: number): boolean;
    /**
     * Fails where bytes do not begin with an intact manifest.
     */
    static checkManifest(bytes: Uint8Array): void;
    /**
     * Takes tombstones out of the graph; says whether it is done.
     */
    compact(max_work: number): boolean;
    /**
     * The manifest of a snapshot of this moment.
     */
    manifest(): Uint8Array;
    /**
     * Creates an empty index.
     */
    constructor(dimensions: number, metric: number, m: number, ef_construction: number, ef_search: number, exact_below: number, seed: bigint, capacity: number);
    /**
     * Opens a snapshot.
     */
    static open(snapshot: Uint8Array): WasmIndex;
    /**
     * Writes a chunk, which a manifest names so, into an array of its length.
     */
    readChunk(kind: number, number: number, checksum: bigint, target: Uint8Array): void;
    /**
     * Removes vectors; says how many there were.
     */
    remove(slots: Uint32Array | number[]): number;
    /**
     * Searches; gives the slots, then the bits of their scores. A length of 0 for `ef` stands
     * for the index's own.
     */
    search(query: Float32Array | number[], k: number, ef: number, exact: boolean, filter?: Uint32Array | null): Uint32Array;
    /**
     * How many bytes a snapshot takes now.
     */
    snapshotBytes(): number;
    /**
     * The stored vector of a slot, if it holds one.
     */
    vector(slot: number): Float32Array | undefined;
    /**
     * Writes a snapshot into an array of that many bytes.
     */
    writeSnapshot(target: Uint8Array): void;
    /**
     * Components of a vector.
     */
    readonly dimensions: number;
    /**
     * Distances computed since the index was created or opened.
     */
    readonly evaluations: number;
    /**
     * Bytes allocated by this index.
     */
    readonly memoryBytes: number;
    /**
     * The number of the metric.
     */
    readonly metric: number;
    /**
     * Live vectors that wait for the graph.
     */
    readonly pending: number;
    /**
     * Live vectors.
     */
    readonly size: number;
    /**
     * The highest slot ever used, plus one.
     */
    readonly slotCount: number;
    /**
     * Removed vectors that wait for compaction.
     */
    readonly tombstones: number;
}

/**
 * A snapshot being opened, chunk by chunk.
 */
export class WasmOpening {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Gives the index, when all chunks have been read.
     */
    finish(): WasmIndex;
    /**
     * Begins with a manifest.
     */
    constructor(manifest: Uint8Array);
    /**
     * Reads the next chunk.
     */
    put(chunk: Uint8Array): void;
}

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_wasmindex_free: (a: number, b: number) => void;
    readonly __wbg_wasmopening_free: (a: number, b: number) => void;
    readonly wasmindex_add: (a: number, b: any, c: any) => [number, number];
    readonly wasmindex_buildStep: (a: number, b: number) => [number, number, number];
    readonly wasmindex_checkManifest: (a: any) => [number, number];
    readonly wasmindex_compact: (a: number, b: number) => [number, number, number];
    readonly wasmindex_dimensions: (a: number) => number;
    readonly wasmindex_evaluations: (a: number) => number;
    readonly wasmindex_manifest: (a: number) => [number, number, number, number];
    readonly wasmindex_memoryBytes: (a: number) => number;
    readonly wasmindex_metric: (a: number) => number;
    readonly wasmindex_new: (a: number, b: number, c: number, d: number, e: number, f: number, g: bigint, h: number) => [number, number, number];
    readonly wasmindex_open: (a: any) => [number, number, number];
    readonly wasmindex_pending: (a: number) => number;
    readonly wasmindex_readChunk: (a: number, b: number, c: number, d: bigint, e: any) => [number, number];
    readonly wasmindex_remove: (a: number, b: number, c: number) => number;
    readonly wasmindex_search: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => [number, number, number, number];
    readonly wasmindex_size: (a: number) => number;
    readonly wasmindex_slotCount: (a: number) => number;
    readonly wasmindex_snapshotBytes: (a: number) => [number, number, number];
    readonly wasmindex_tombstones: (a: number) => number;
    readonly wasmindex_vector: (a: number, b: number) => [number, number, number, number];
    readonly wasmindex_writeSnapshot: (a: number, b: any) => [number, number];
    readonly wasmopening_finish: (a: number) => [number, number, number];
    readonly wasmopening_new: (a: any) => [number, number, number];
    readonly wasmopening_put: (a: number, b: any) => [number, number];
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __externref_table_dealloc: (a: number) => void;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
