import { afterEach } from 'vitest';
import { createClient } from '../../src/core/client.ts';
import { engineWasm } from '../../src/core/engine-wasm.ts';
import { systemClock, systemLifecycle, systemMarkers } from '../../src/core/ports.ts';
import { DEFAULT_TIMING } from '../../src/core/supervisor-timing.ts';
import type { SupervisorTiming } from '../../src/core/supervisor-timing.ts';
import type { VectorIndex, VectorIndexOptions } from '../../src/core/index.ts';
import type { Embedder } from '../../src/core/index.ts';
import { whyNotLoaded } from '../../src/core/worker-script.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';

export { numberedVector } from './numbered-vector.ts';

const made = new Set<VectorIndex>();
let count = 0;

/** A name that no other test has: test files share one origin. */
export function uniqueName(): string {
  return `core-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${count++}`;
}

export interface TestWorkers {
  readonly all: Worker[];
  /** As a browser takes a worker: nobody is told. */
  kill(): void;
}

/** An index on the real worker, the real engine and the real IndexedDB. */
export function openTestIndex(
  options: Partial<VectorIndexOptions> = {},
  timing: Partial<SupervisorTiming> = {},
): VectorIndex & { readonly workers: TestWorkers } {
  const all: Worker[] = [];
  const spawn = () =>
    new Worker(new URL('../../src/worker/entry.ts', import.meta.url), { type: 'module' });
  const wasmUrl = new URL('../../../engine/wasm/akin_engine_bg.wasm', import.meta.url);
  const needsEmbedder = options.dimensions === undefined && !('embedder' in options);
  const index = createClient(
    {
      name: uniqueName(),
      ...(needsEmbedder ? { embedder: hashEmbedder() } : {}),
      ...options,
    },
    {
      clock: systemClock,
      lifecycle: systemLifecycle,
      markers: systemMarkers,
      whyNotLoaded: () => whyNotLoaded(options.createWorker ?? spawn),
      spawn() {
        const worker = (options.createWorker ?? spawn)();
        all.push(worker);
        return worker;
      },
      wasm: () =>
        engineWasm({ wasmUrl: options.wasmUrl ?? wasmUrl, wasmModule: options.wasmModule }),
      timing: { ...DEFAULT_TIMING, ...timing },
    },
  );
  made.add(index);
  return Object.assign(index, {
    workers: {
      all,
      kill() {
        for (const worker of all) Worker.prototype.terminate.call(worker);
      },
    },
  });
}

afterEach(async () => {
  const indexes = [...made];
  made.clear();
  await Promise.all(indexes.map((index) => index.close()));
  const names = new Set(indexes.map(({ name }) => `akin/${name}`));
  for (const name of names) indexedDB.deleteDatabase(name);
});

/** Counts what is embedded. */
export function countingEmbedder(base: Embedder = hashEmbedder()) {
  const documents: string[] = [];
  const queries: string[] = [];
  const embedder: Embedder & { readonly documents: string[]; readonly queries: string[] } = {
    id: base.id,
    dimensions: base.dimensions,
    documents,
    queries,
    embed(texts, options) {
      (options.purpose === 'query' ? queries : documents).push(...texts);
      return base.embed(texts, options);
    },
  };
  return embedder;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
