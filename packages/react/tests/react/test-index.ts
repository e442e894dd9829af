import { afterEach } from 'vitest';
import { cleanup, configure } from '@testing-library/react';
import { acquireVectorIndex } from '../../src/core/index.ts';
import type { Embedder, VectorIndexOptions } from '../../src/core/index.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';

// A worker that starts on a busy machine takes longer than the second that is meant for rendering.
configure({ asyncUtilTimeout: 5_000 });

/** Index workers that run right now: the seam sees every one start and stop. */
export const liveWorkers = new Set<Worker>();

/** How many were ever started. */
export const workerCount = { started: 0 };

const terminate = (worker: Worker) => Worker.prototype.terminate.call(worker);

function createWorker(): Worker {
  const worker = new Worker(new URL('../../src/worker/entry.ts', import.meta.url), {
    type: 'module',
  });
  workerCount.started += 1;
  liveWorkers.add(worker);
  worker.terminate = () => {
    liveWorkers.delete(worker);
    terminate(worker);
  };
  return worker;
}

/** The way a browser takes a worker: nobody is told. */
export function killWorkers(): void {
  for (const worker of liveWorkers) {
    liveWorkers.delete(worker);
    terminate(worker);
  }
}

const made: VectorIndexOptions[] = [];
let count = 0;

/** Options of an index that no other test has: real worker, real engine, real IndexedDB. */
export function testOptions(embedder: Embedder = hashEmbedder()): VectorIndexOptions {
  return optionsOfOwn({ embedder });
}

/** The same for documents that bring their vectors. */
export function vectorOptions(dimensions: number): VectorIndexOptions {
  return optionsOfOwn({ dimensions });
}

function optionsOfOwn(given: Pick<VectorIndexOptions, 'embedder' | 'dimensions'>) {
  const options: VectorIndexOptions = {
    // Test files share one origin.
    name: `test-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${count++}`,
    ...given,
    createWorker,
    wasmUrl: new URL('../../../engine/wasm/akin_engine_bg.wasm', import.meta.url),
  };
  made.push(options);
  return options;
}

afterEach(async () => {
  cleanup();
  for (const options of made.splice(0)) await acquireVectorIndex(options).destroy();
});
