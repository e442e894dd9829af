/** Written by the build, from the worker's file and the engine's. */

/** One ES module without imports. */
export const workerScript: string;

/** The engine's WebAssembly. */
export const wasmBase64: string;
