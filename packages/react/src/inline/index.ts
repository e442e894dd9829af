import { wasmBase64, workerScript } from './assets.js';

/** Options for `VectorIndexProvider` or `createVectorIndex`. */
export interface InlineWorker {
  readonly createWorker: () => Worker;
  readonly wasmModule: () => Promise<WebAssembly.Module>;
}

let address: string | undefined;
let compiling: Promise<WebAssembly.Module> | undefined;

/**
 * Options for an index whose worker and WebAssembly are in the app's own script instead of in files: for
 * bundlers that copy no files out of packages, such as esbuild and the development server of Vite 7 and
 * older. The same values with every call, so it may be written where it is used.
 *
 * Adds some 140 kB to the script that imports it, compressed, and the files are not loaded: 120 kB. A page
 * with a Content Security Policy needs `script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:`.
 *
 * @example
 * ```tsx
 * import type { ReactNode } from 'react';
 * import { VectorIndexProvider } from '@akin/react';
 * import { inlineWorker } from '@akin/react/inline';
 *
 * export function Notes({ children }: { children: ReactNode }) {
 *   return (
 *     <VectorIndexProvider name="notes" dimensions={384} {...inlineWorker()}>
 *       {children}
 *     </VectorIndexProvider>
 *   );
 * }
 * ```
 */
export function inlineWorker(): InlineWorker {
  return { createWorker, wasmModule };
}

function createWorker(): Worker {
  // Kept, because a worker that is lost is replaced.
  address ??= URL.createObjectURL(new Blob([workerScript], { type: 'text/javascript' }));
  return new Worker(address, { type: 'module', name: 'akin-index' });
}

/** Compiled once a page, by the browser's own threads. */
function wasmModule(): Promise<WebAssembly.Module> {
  compiling ??= WebAssembly.compile(bytesOf(wasmBase64)).catch((error: unknown) => {
    compiling = undefined;
    throw error;
  });
  return compiling;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
