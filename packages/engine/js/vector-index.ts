import { WasmIndex } from '../wasm/akin_engine.js';
import { allocate } from './allocate.ts';
import {
  MAX_U32,
  checkArray,
  describe,
  expectArray,
  expectInteger,
  expectOptions,
  lengthOf,
} from './arguments.ts';
import { buildTogether } from './build-together.ts';
import { EngineError } from './engine-error.ts';
import type { Instance } from './instance.ts';
import { metrics } from './metrics.ts';
import type { Port } from './port.ts';
import { checkSearch, searchMany, searchOne } from './search.ts';
import { readStatistics } from './statistics.ts';
import { Opening, isChunked, openChunks, openWhole, takeChanges, takeWhole } from './snapshot.ts';
import type {
  BuildTogetherOptions,
  BuildTogetherResult,
  ChunkedSnapshot,
  Index,
  IndexOptions,
  Metric,
  SearchManyResult,
  SearchOptions,
  SearchResult,
  SnapshotChanges,
  Statistics,
  StepOptions,
  StepResult,
} from './types.ts';

/** Slots handed over at a time: few, because what makes room must not need much. */
const REMOVE_CHUNK = 1_024;

/** More than can be computed in a lifetime, and exact as a float. */
const UNBOUNDED = Number.MAX_SAFE_INTEGER;

/** Creates an empty index. */
export function createIndex(instance: Instance, options: IndexOptions): Index {
  expectOptions(options, 'The argument of createIndex');
  const { metric = 'cosine' } = options;
  const metricNumber = metrics.indexOf(metric);
  if (metricNumber < 0) {
    throw new EngineError(
      'invalid-input',
      `metric is ${describe(metric)}. Pass 'cosine', 'dot' or 'l2'.`,
    );
  }
  const slotLimit = 2 ** 30;
  const dimensions = expectInteger(options.dimensions, 'dimensions', 1, 4096);
  const m = expectInteger(options.m, 'm', 2, 64, 16);
  const efConstruction = expectInteger(options.efConstruction, 'efConstruction', 1, 4096, 100);
  const efSearch = expectInteger(options.efSearch, 'efSearch', 1, 4096, 64);
  const exactBelow = expectInteger(options.exactBelow, 'exactBelow', 0, slotLimit, 10_000);
  const capacity = expectInteger(options.capacity, 'capacity', 0, slotLimit, 0);
  const seed = BigInt(expectInteger(options.seed, 'seed', 0, Number.MAX_SAFE_INTEGER, 0));
  return instance.run(() => {
    const wasm = new WasmIndex(
      dimensions,
      metricNumber,
      m,
      efConstruction,
      efSearch,
      exactBelow,
      seed,
      capacity,
    );
    return new VectorIndex(instance, wasm);
  });
}

/** Opens a snapshot, in one piece or in chunks. */
export function openIndex(instance: Instance, snapshot: Uint8Array | ChunkedSnapshot): Index {
  if (isChunked(snapshot)) {
    return openChunks(() => beginOpen(instance, snapshot.manifest), snapshot);
  }
  const bytes = expectArray(snapshot, 'Uint8Array', 'The snapshot');
  return openWhole(beginOpen(instance, bytes), bytes);
}

/** Begins to open a snapshot whose chunks come one by one. */
export function beginOpen(instance: Instance, manifest: Uint8Array): Opening {
  return new Opening(instance, manifest, (wasm) => new VectorIndex(instance, wasm));
}

/** An index in the memory of the module. */
export class VectorIndex implements Index {
  readonly dimensions: number;
  readonly metric: Metric;
  readonly #instance: Instance;
  #wasm: WasmIndex | undefined;
  /** Two builds would share the rounds of one mirror. */
  #isBuilding = false;

  constructor(instance: Instance, wasm: WasmIndex) {
    this.#instance = instance;
    this.#wasm = wasm;
    this.dimensions = wasm.dimensions;
    this.metric = metrics[wasm.metric] ?? 'cosine';
  }

  get size(): number {
    return this.#call((wasm) => wasm.size);
  }

  get slotCount(): number {
    return this.#call((wasm) => wasm.slotCount);
  }

  get pending(): number {
    return this.#call((wasm) => wasm.pending);
  }

  get tombstones(): number {
    return this.#call((wasm) => wasm.tombstones);
  }

  get memoryBytes(): number {
    return this.#call((wasm) => wasm.memoryBytes);
  }

  get evaluations(): number {
    return this.#call((wasm) => wasm.evaluations);
  }

  add(vectors: Float32Array): Uint32Array {
    const numbers = expectArray(vectors, 'Float32Array', 'The vectors');
    const slots = allocate(Math.floor(numbers.length / this.dimensions), Uint32Array);
    this.#call((wasm) => wasm.add(numbers, slots));
    return slots;
  }

  search(query: Float32Array, options: SearchOptions): SearchResult {
    checkArray(query, 'Float32Array', 'The query');
    const search = checkSearch(options, this.metric);
    if (lengthOf(query) !== this.dimensions) {
      throw new EngineError(
        'dimension-mismatch',
        `The query has ${lengthOf(query)} numbers, and the index holds vectors of ` +
          `${this.dimensions} dimensions. Pass exactly ${this.dimensions}.`,
      );
    }
    return this.#call((wasm) => searchOne(this.#instance, wasm, query, search));
  }

  searchMany(queries: Float32Array, options: SearchOptions): SearchManyResult {
    checkArray(queries, 'Float32Array', 'The queries');
    const search = checkSearch(options, this.metric);
    if (lengthOf(queries) % this.dimensions !== 0) {
      throw new EngineError(
        'dimension-mismatch',
        `The queries have ${lengthOf(queries)} numbers together, and the index holds vectors of ` +
          `${this.dimensions} dimensions. Pass a multiple of ${this.dimensions}.`,
      );
    }
    return this.#call((wasm) => searchMany(this.#instance, wasm, queries, this.dimensions, search));
  }

  statistics(): Statistics {
    return this.#call((wasm) => readStatistics(this.#instance, wasm));
  }

  buildStep(options: StepOptions = {}): StepResult {
    const work = maxWork(options);
    return { done: this.#call((wasm) => wasm.buildStep(work)) };
  }

  async buildTogether(
    port: Port,
    options: BuildTogetherOptions = {},
  ): Promise<BuildTogetherResult> {
    if (this.#isBuilding) {
      throw new EngineError(
        'invalid-input',
        'The index is being built with a mirror already. Wait for that build, or abort it.',
      );
    }
    this.#isBuilding = true;
    try {
      return await buildTogether((operation) => this.#call(operation), port, options);
    } finally {
      this.#isBuilding = false;
    }
  }

  compact(options: StepOptions = {}): StepResult {
    const work = maxWork(options);
    return { done: this.#call((wasm) => wasm.compact(work)) };
  }

  remove(slots: ArrayLike<number>): number {
    const list = copySlots(slots);
    let removed = 0;
    for (let start = 0; start < list.length; start += REMOVE_CHUNK) {
      const chunk = list.subarray(start, start + REMOVE_CHUNK);
      removed += this.#call((wasm) => wasm.remove(chunk));
    }
    return removed;
  }

  vector(slot: number): Float32Array | undefined {
    const number = expectInteger(slot, 'slot', 0, Number.MAX_SAFE_INTEGER);
    return this.#call((wasm) => (number > MAX_U32 ? undefined : wasm.vector(number)));
  }

  snapshot(): Uint8Array {
    return takeWhole((operation) => this.#call(operation));
  }

  snapshotChanges(since?: Uint8Array): SnapshotChanges {
    return takeChanges((operation) => this.#call(operation), since);
  }

  free(): void {
    const wasm = this.#wasm;
    if (!wasm) return;
    this.#wasm = undefined;
    this.#instance.run(() => wasm.free());
  }

  #call<Result>(operation: (wasm: WasmIndex) => Result): Result {
    const wasm = this.#wasm;
    if (!wasm) {
      throw new EngineError('closed', 'The index was freed. Create or open another one.');
    }
    return this.#instance.run(() => operation(wasm));
  }
}

function maxWork(options: StepOptions): number {
  expectOptions(options, 'The options of a step');
  if (options.maxWork === Number.POSITIVE_INFINITY) return UNBOUNDED;
  return expectInteger(options.maxWork, 'maxWork', 1, UNBOUNDED, UNBOUNDED);
}

/** Copies and checks before anything is removed. Slots that cannot exist are left out. */
function copySlots(slots: ArrayLike<number>): Uint32Array {
  expectOptions(slots, 'The list of slots');
  const length = expectInteger(slots.length, 'The length of the list of slots', 0, MAX_U32);
  const list = allocate(length, Uint32Array);
  let count = 0;
  for (let at = 0; at < length; at++) {
    const slot = expectInteger(slots[at], `slots[${at}]`, 0, Number.MAX_SAFE_INTEGER);
    if (slot <= MAX_U32) list[count++] = slot;
  }
  return list.subarray(0, count);
}
