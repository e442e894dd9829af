/* tslint:disable */
/* eslint-disable */
export const memory: WebAssembly.Memory;
export const __wbg_wasmindex_free: (a: number, b: number) => void;
export const wasmindex_add: (a: number, b: any, c: any) => [number, number];
export const wasmindex_buildStep: (a: number, b: number) => [number, number, number];
export const wasmindex_compact: (a: number, b: number) => [number, number, number];
export const wasmindex_dimensions: (a: number) => number;
export const wasmindex_evaluations: (a: number) => number;
export const wasmindex_memoryBytes: (a: number) => number;
export const wasmindex_metric: (a: number) => number;
export const wasmindex_new: (a: number, b: number, c: number, d: number, e: number, f: number, g: bigint, h: number) => [number, number, number];
export const wasmindex_open: (a: any) => [number, number, number];
export const wasmindex_pending: (a: number) => number;
export const wasmindex_remove: (a: number, b: number, c: number) => number;
export const wasmindex_search: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => [number, number, number, number];
export const wasmindex_size: (a: number) => number;
export const wasmindex_slotCount: (a: number) => number;
export const wasmindex_snapshotBytes: (a: number) => [number, number, number];
export const wasmindex_tombstones: (a: number) => number;
export const wasmindex_vector: (a: number, b: number) => [number, number, number, number];
export const wasmindex_writeSnapshot: (a: number, b: any) => [number, number];
export const __wbindgen_externrefs: WebAssembly.Table;
export const __externref_table_dealloc: (a: number) => void;
export const __wbindgen_malloc: (a: number, b: number) => number;
export const __wbindgen_free: (a: number, b: number, c: number) => void;
export const __externref_table_alloc: () => number;
export const __wbindgen_start: () => void;
