/** Searching: what surrounds it is kept as short as it is, so nothing is allocated but results. */
import type { WasmIndex } from '../wasm/akin_engine.js';
import { allocate, inMemory } from './allocate.ts';
import {
  MAX_U32,
  checkArray,
  describe,
  expectInteger,
  expectNumber,
  expectOptions,
  lengthOf,
} from './arguments.ts';
import { EngineError } from './engine-error.ts';
import type { Instance } from './instance.ts';
import type { Metric, SearchManyResult, SearchOptions, SearchResult } from './types.ts';

/** The most results that can be diversified, and the most candidates. */
const MOST_DIVERSIFIED = 4096;

/** Numbers of queries, and of results, that are in the module's memory at a time. */
const CHUNK = 16_384;

/** Options as the module takes them. */
interface Search {
  readonly k: number;
  /** 0 for the index's own. */
  readonly efSearch: number;
  readonly exact: boolean;
  /** NaN for none. */
  readonly minScore: number;
  readonly diversity: number;
  /** 0 for the default. */
  readonly fetchK: number;
  readonly filter: Uint32Array | undefined;
}

/** Checks options; reads each of them once. */
export function checkSearch(options: SearchOptions, metric: Metric): Search {
  expectOptions(options, 'The second argument of a search');
  const { exact = false, filter } = options;
  const k = expectInteger(options.k, 'k', 0, Number.MAX_SAFE_INTEGER);
  const efSearch = expectInteger(options.efSearch, 'efSearch', 1, 4096, 0);
  if (typeof exact !== 'boolean') {
    throw new EngineError('invalid-input', `exact is ${describe(exact)}. Pass a boolean.`);
  }
  if (filter !== undefined) checkArray(filter, 'Uint32Array', 'The filter');
  const minScore = checkMinScore(options.minScore, metric);
  const diversity = expectNumber(options.diversity, 'diversity', 0, 1, 0);
  const fetchK = expectInteger(options.fetchK, 'fetchK', 1, MOST_DIVERSIFIED, 0);
  if (diversity > 0 && k > MOST_DIVERSIFIED) {
    throw new EngineError(
      'invalid-input',
      `k is ${k}, and at most ${MOST_DIVERSIFIED} results can be diversified. Pass a smaller k, ` +
        'or no diversity.',
    );
  }
  return { k: Math.min(k, MAX_U32), efSearch, exact, minScore, diversity, fetchK, filter };
}

/**
 * Whatever no score can reach is a mistake, such as a percentage, and finding nothing would hide
 * it. What every score reaches is no mistake: it asks for everything.
 */
function checkMinScore(minScore: unknown, metric: Metric): number {
  if (minScore === undefined) return NaN;
  const most = metric === 'dot' ? Number.MAX_VALUE : 1;
  if (!Number.isFinite(minScore) || (minScore as number) > most) {
    const wanted = metric === 'dot' ? 'a finite number' : `a number up to 1, the highest ${metric}`;
    throw new EngineError(
      'invalid-input',
      `minScore is ${describe(minScore)}. Pass ${wanted}, or leave it out.`,
    );
  }
  return minScore as number;
}

/** Searches for one query of the right length. */
export function searchOne(
  instance: Instance,
  wasm: WasmIndex,
  query: Float32Array,
  search: Search,
): SearchResult {
  const at = ask(instance, wasm, query, 0, lengthOf(query), 1, search);
  const { words, floats } = instance;
  const found = words[at] ?? 0;
  const effort = words[at + 2] ?? 0;
  const start = at + 3;
  return {
    slots: taken(words, start, found),
    scores: taken(floats, start + found, found),
    evaluations: effort >>> 1,
    plan: effort % 2 === 1 ? 'walk' : 'scan',
  };
}

/** Searches for several queries, some at a time. */
export function searchMany(
  instance: Instance,
  wasm: WasmIndex,
  queries: Float32Array,
  dimensions: number,
  search: Search,
): SearchManyResult {
  const count = lengthOf(queries) / dimensions;
  const offsets = allocate(count + 1, Uint32Array);
  const evaluations = allocate(count, Uint32Array);
  const parts: { slots: Uint32Array; scores: Float32Array }[] = [];
  const most = Math.max(dimensions, Math.min(search.k, wasm.size));
  const step = Math.max(1, Math.floor(CHUNK / most));
  let total = 0;
  for (let row = 0; row < count; row += step) {
    const rows = Math.min(step, count - row);
    const at = ask(instance, wasm, queries, row * dimensions, rows * dimensions, rows, search);
    const { words, floats } = instance;
    for (let of = 0; of < rows; of++) {
      total += words[at + 1 + of] ?? 0;
      offsets[row + of + 1] = total;
      evaluations[row + of] = (words[at + 1 + rows + of] ?? 0) >>> 1;
    }
    const found = words[at] ?? 0;
    const start = at + 1 + 2 * rows;
    parts.push({
      slots: taken(words, start, found),
      scores: taken(floats, start + found, found),
    });
  }
  const [only] = parts;
  if (only && parts.length === 1) return { offsets, ...only, evaluations };
  const slots = allocate(total, Uint32Array);
  const scores = allocate(total, Float32Array);
  let start = 0;
  for (const part of parts) {
    slots.set(part.slots, start);
    scores.set(part.scores, start);
    start += part.slots.length;
  }
  return { offsets, slots, scores, evaluations };
}

/** Numbers out of the module's memory, which the next call may overwrite. */
function taken<Kind extends Uint32Array | Float32Array>(
  memory: Kind,
  start: number,
  length: number,
): Kind {
  return inMemory(length, () => memory.slice(start, start + length) as Kind);
}

/**
 * Hands over `length` numbers of `queries` from `start` on, and returns where in `instance.words`
 * the answer is.
 */
function ask(
  instance: Instance,
  wasm: WasmIndex,
  queries: Float32Array,
  start: number,
  length: number,
  rows: number,
  search: Search,
): number {
  const { k, efSearch, exact, minScore, diversity, fetchK, filter } = search;
  // What is beyond the last slot decides nothing.
  const filterWords = filter ? Math.min(lengthOf(filter), Math.ceil(wasm.slotCount / 32)) : -1;
  const room = wasm.room(length + Math.max(0, filterWords)) / 4;
  if (room === 0) wasm.throw();
  copy(queries, start, length, instance.floats, room);
  if (filter) copy(filter, 0, filterWords, instance.words, room + length);
  const answer = wasm.search(rows, k, efSearch, exact, filterWords, minScore, diversity, fetchK);
  if (answer === 0) wasm.throw();
  return answer / 4;
}

/**
 * Copies a part of an array. Not through a `subarray`, which a class of its own may make to be
 * any array of any length: the module's memory holds more than the room for it.
 */
function copy<Kind extends Float32Array | Uint32Array>(
  from: Kind,
  start: number,
  length: number,
  to: Kind,
  at: number,
): void {
  if (length === lengthOf(from)) to.set(from, at);
  else for (let of = 0; of < length; of++) to[at + of] = from[start + of] ?? 0;
}
