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
    add(vectors: any, slots: any): void;
    /**
     * Begins to follow changes for a mirror.
     */
    attachMirror(): void;
    /**
     * Works on the graph until a mirror can help; says whether one can, or the graph is complete.
     */
    buildForMirror(max_work: number): boolean;
    /**
     * Works on the graph; says whether it is complete. Work is counted in distances, and beyond
     * 2^53 taken as without bound.
     */
    buildStep(max_work: number): boolean;
    /**
     * Fails where bytes do not begin with an intact manifest.
     */
    static checkManifest(bytes: any): void;
    /**
     * Takes tombstones out of the graph; says whether it is done.
     */
    compact(max_work: number): boolean;
    /**
     * Forgets the mirror.
     */
    detachMirror(): void;
    /**
     * The manifest of a snapshot of this moment.
     */
    manifest(): Uint8Array;
    /**
     * Creates an empty index.
     */
    constructor(dimensions: number, metric: number, m: number, ef_construction: number, ef_search: number, exact_below: number, seed: bigint, capacity: number);
    /**
     * Bytes of the next message to the mirror, 0 without one.
     */
    prepareMessage(): number;
    /**
     * Writes a chunk, which a manifest names so, into an array of its length.
     */
    readChunk(kind: number, number: number, checksum: bigint, target: any): void;
    /**
     * Removes vectors; says how many there were.
     */
    remove(slots: Uint32Array | number[]): number;
    /**
     * Where to write the numbers of a search: `words` of 32 bits. 0 when there is no room. The
     * address is good until the next call.
     */
    room(words: number): number;
    /**
     * Searches for the `rows` queries in the room, with the filter behind them if it has at least
     * 0 words. 0 for `ef` and `fetch_k` stands for their defaults, NaN for no `min_score`.
     *
     * Gives the address of the answer, good until the next call, or 0 after a failure:
     *
     * ```text
     * 1     results of all queries
     * rows  results of each
     * rows  distances computed for each, doubled, and 1 more where the graph was walked
     * n     slots
     * n     scores, the bits of floats
     * ```
     */
    search(rows: number, k: number, ef: number, exact: boolean, filter_words: number, min_score: number, diversity: number, fetch_k: number): number;
    /**
     * Counts what there is. Gives the address of sixteen counts of nodes, of the links of level
     * 0, the entry's level plus one, and the bytes of records, upper links, bitmaps and scratch.
     */
    statistics(): number;
    /**
     * Throws what a call failed with that gave 0 for an address.
     */
    throw(): void;
    /**
     * The stored vector of a slot, if it holds one.
     */
    vector(slot: number): Float32Array | undefined;
    /**
     * Works on the round, or prepares the next. Gives 0 while there is more to do without the answer,
     * 1 where it is next, 2 when the round has ended.
     */
    workOnRound(answer: any | null | undefined, max_work: number): number;
    /**
     * Writes that message into an array of its length.
     */
    writeMessage(target: any): void;
    /**
     * Components of a vector.
     */
    readonly dimensions: number;
    /**
     * Nodes kept while inserting.
     */
    readonly efConstruction: number;
    /**
     * Nodes kept while searching.
     */
    readonly efSearch: number;
    /**
     * Distances computed since the index was created or opened.
     */
    readonly evaluations: number;
    /**
     * Live vectors below which there is no graph.
     */
    readonly exactBelow: number;
    /**
     * Links of a node.
     */
    readonly m: number;
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
     * What decides the levels, as exactly as a float can say.
     */
    readonly seed: number;
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
 * A mirror of an index of another worker.
 */
export class WasmMirror {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Makes the links that it asks for, and gives the rows that this changed.
     */
    link(): Uint8Array;
    /**
     * A mirror that knows nothing yet.
     */
    constructor(dimensions: number, metric: number, m: number, ef_construction: number, seed: number);
    /**
     * Takes a message of the owner; says whether it asks for links.
     */
    take(message: any): boolean;
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
     * Begins with a manifest, on its own or before all chunks.
     */
    constructor(manifest: any);
    /**
     * Reads the next chunk.
     */
    put(chunk: any): void;
}

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_wasmindex_free: (a: number, b: number) => void;
    readonly __wbg_wasmmirror_free: (a: number, b: number) => void;
    readonly __wbg_wasmopening_free: (a: number, b: number) => void;
    readonly wasmindex_add: (a: number, b: any, c: any) => [number, number];
    readonly wasmindex_attachMirror: (a: number) => [number, number];
    readonly wasmindex_buildForMirror: (a: number, b: number) => [number, number, number];
    readonly wasmindex_buildStep: (a: number, b: number) => [number, number, number];
    readonly wasmindex_checkManifest: (a: any) => [number, number];
    readonly wasmindex_compact: (a: number, b: number) => [number, number, number];
    readonly wasmindex_detachMirror: (a: number) => void;
    readonly wasmindex_dimensions: (a: number) => number;
    readonly wasmindex_efConstruction: (a: number) => number;
    readonly wasmindex_efSearch: (a: number) => number;
    readonly wasmindex_evaluations: (a: number) => number;
    readonly wasmindex_exactBelow: (a: number) => number;
    readonly wasmindex_m: (a: number) => number;
    readonly wasmindex_manifest: (a: number) => [number, number, number, number];
    readonly wasmindex_memoryBytes: (a: number) => number;
    readonly wasmindex_metric: (a: number) => number;
    readonly wasmindex_new: (a: number, b: number, c: number, d: number, e: number, f: number, g: bigint, h: number) => [number, number, number];
    readonly wasmindex_pending: (a: number) => number;
    readonly wasmindex_prepareMessage: (a: number) => [number, number, number];
    readonly wasmindex_readChunk: (a: number, b: number, c: number, d: bigint, e: any) => [number, number];
    readonly wasmindex_remove: (a: number, b: number, c: number) => number;
    readonly wasmindex_room: (a: number, b: number) => number;
    readonly wasmindex_search: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number) => number;
    readonly wasmindex_seed: (a: number) => number;
    readonly wasmindex_size: (a: number) => number;
    readonly wasmindex_slotCount: (a: number) => number;
    readonly wasmindex_statistics: (a: number) => number;
    readonly wasmindex_throw: (a: number) => [number, number];
    readonly wasmindex_tombstones: (a: number) => number;
    readonly wasmindex_vector: (a: number, b: number) => [number, number, number, number];
    readonly wasmindex_workOnRound: (a: number, b: number, c: number) => [number, number, number];
    readonly wasmindex_writeMessage: (a: number, b: any) => [number, number];
    readonly wasmmirror_link: (a: number) => [number, number, number, number];
    readonly wasmmirror_new: (a: number, b: number, c: number, d: number, e: number) => [number, number, number];
    readonly wasmmirror_take: (a: number, b: any) => [number, number, number];
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
