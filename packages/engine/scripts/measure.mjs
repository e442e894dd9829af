/**
 * Prints how fast and how exact the built engine is on this machine, on clustered vectors:
 *
 *   node scripts/measure.mjs [vectors] [dimensions] [name=value …]
 *
 * Names are options of an index (`m`, `efConstruction`, `exactBelow`), and `ef`, a list of
 * `efSearch` to try: `ef=16,32,64`. Times differ from machine to machine and from run to run;
 * recall and evaluations do not.
 */
import { loadEngine } from '../dist/node.js';

const [vectors = '20000', dimensions = '384', ...settings] = process.argv.slice(2);
const { ef = '16,32,64,128', ...options } = Object.fromEntries(
  settings.map((setting) => setting.split('=')),
);
const count = Number(vectors);
const width = Number(dimensions);
const queries = 500;
const k = 10;

const data = clustered(count + queries, width);
const rows = data.subarray(0, count * width);
const asked = Array.from({ length: queries }, (_, at) =>
  data.slice((count + at) * width, (count + at + 1) * width),
);

const engine = await loadEngine();
const index = engine.createIndex({
  dimensions: width,
  capacity: count,
  ...Object.fromEntries(Object.entries(options).map(([name, value]) => [name, Number(value)])),
});
print(`${count} × ${width}, clustered, ${JSON.stringify(options)}`);

const addMs = time(() => index.add(rows));
print(`add            ${rate(count, addMs)} vectors/s`);
const scan = passes(1, (query) => index.search(query, { k, exact: true }));
print(`exact scan     ${micros(scan)}`);
const buildMs = time(() => index.buildStep());
print(
  `build          ${rate(count, buildMs)} vectors/s, ` +
    `${Math.round((index.evaluations - queries * count) / count)} evaluations a vector`,
);
print(
  `memory         ${(engine.memoryBytes / count).toFixed(1)} bytes a vector, ` +
    `${(index.memoryBytes / count).toFixed(1)} of them the index`,
);

const truth = asked.map((query) => exactSlots(query));
const codes = asked.map((query) => index.search(query, { k, exact: true }).slots);
print(`recall@10 of the exact scan ${recall(truth, codes).toFixed(4)}`);
for (const efSearch of ef.split(',').map(Number)) {
  const before = index.evaluations;
  const found = asked.map((query) => index.search(query, { k, efSearch }).slots);
  const evaluations = Math.round((index.evaluations - before) / queries);
  const times = passes(5, (query) => index.search(query, { k, efSearch }));
  print(
    `efSearch ${String(efSearch).padStart(4)}  recall@10 ${recall(truth, found).toFixed(4)}  ` +
      `${micros(times)}  ${evaluations} evaluations`,
  );
}

let bytes;
const saveMs = time(() => (bytes = index.snapshot()));
let opened;
const openMs = time(() => (opened = engine.openIndex(bytes)));
print(
  `snapshot       ${(bytes.length / 2 ** 20).toFixed(1)} MiB, ` +
    `saved in ${saveMs.toFixed(0)} ms, opened in ${openMs.toFixed(0)} ms`,
);
opened.free();

for (const share of [0.5, 0.1, 0.01, 0.001]) {
  const filter = new Uint32Array(Math.ceil(index.slotCount / 32));
  const next = uniform(5);
  for (let slot = 0; slot < count; slot++) {
    if (next() < share) filter[slot >> 5] |= 1 << (slot & 31);
  }
  const within = asked.map((query) => index.search(query, { k, filter, exact: true }).slots);
  const found = asked.map((query) => index.search(query, { k, filter }).slots);
  const times = passes(3, (query) => index.search(query, { k, filter }));
  const matched = `filter ${share * 100} %`.padEnd(13);
  print(`${matched}  recall@10 ${recall(within, found).toFixed(4)}  ${micros(times)}`);
}

const next = uniform(9);
const removed = Uint32Array.from({ length: count }, (_, slot) => slot).filter(() => next() < 0.5);
const removeMs = time(() => index.remove(removed));
const left = () => {
  const exact = asked.map((query) => index.search(query, { k, exact: true }).slots);
  const found = asked.map((query) => index.search(query, { k }).slots);
  return recall(exact, found).toFixed(4);
};
print(`removed half   in ${removeMs.toFixed(0)} ms, recall@10 against its own scan ${left()}`);
const work = index.evaluations;
const compactMs = time(() => index.compact());
print(
  `compacted      in ${compactMs.toFixed(0)} ms, recall@10 against its own scan ${left()}, ` +
    `${Math.round((index.evaluations - work) / index.size)} evaluations a vector left`,
);

/** Gaussian clusters in 32 latent dimensions, projected at random, with noise, of unit length. */
function clustered(total, dimensions) {
  const [latent, centres, sigma, noise] = [32, 200, 0.55, 0.02];
  const next = gaussian(42);
  const centre = Float32Array.from({ length: centres * latent }, next);
  const projection = Float32Array.from({ length: latent * dimensions }, next);
  const choose = uniform(43);
  const point = new Float32Array(latent);
  const result = new Float32Array(total * dimensions);
  for (let row = 0; row < total; row++) {
    const at = Math.floor(choose() * centres) * latent;
    for (let i = 0; i < latent; i++) point[i] = centre[at + i] + sigma * next();
    const vector = result.subarray(row * dimensions, (row + 1) * dimensions);
    for (let i = 0; i < latent; i++) {
      const weight = point[i] / Math.sqrt(latent);
      const line = i * dimensions;
      for (let d = 0; d < dimensions; d++) vector[d] += weight * projection[line + d];
    }
    let square = 0;
    for (let d = 0; d < dimensions; d++) {
      vector[d] += noise * next();
      square += vector[d] * vector[d];
    }
    const length = Math.sqrt(square);
    for (let d = 0; d < dimensions; d++) vector[d] /= length;
  }
  return result;
}

/** The ten nearest by the vectors themselves, in plain floats. */
function exactSlots(query) {
  const best = [];
  for (let row = 0; row < count; row++) {
    let sum = 0;
    const start = row * width;
    for (let d = 0; d < width; d++) sum += query[d] * rows[start + d];
    if (best.length < k || sum > best[best.length - 1].sum) {
      best.push({ sum, row });
      best.sort((a, b) => b.sum - a.sum);
      best.length = Math.min(best.length, k);
    }
  }
  return best.map(({ row }) => row);
}

function recall(truth, found) {
  const hits = truth.map((rows, at) => {
    const set = new Set(found[at]);
    return Array.from(rows).filter((row) => set.has(row)).length / Math.max(1, rows.length);
  });
  return hits.reduce((sum, share) => sum + share, 0) / hits.length;
}

/** For each query the shortest of some passes over all of them, in microseconds, sorted. */
function passes(times, search) {
  const best = new Float64Array(queries).fill(Infinity);
  for (let pass = 0; pass < times; pass++) {
    asked.forEach((query, at) => {
      best[at] = Math.min(best[at], time(() => search(query)) * 1000);
    });
  }
  return best.sort();
}

function time(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function micros(sorted) {
  const at = (share) => sorted[Math.floor(share * sorted.length)].toFixed(1);
  return `p50 ${at(0.5)} p95 ${at(0.95)} p99 ${at(0.99)} µs`;
}

function rate(number, ms) {
  return Math.round((number / ms) * 1000);
}

function print(line) {
  console.log(line);
}

/** Mulberry32: uniform numbers from 0 to 1, the same for the same seed. */
function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normally distributed numbers (Box and Muller). */
function gaussian(seed) {
  const next = uniform(seed);
  let spare;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
