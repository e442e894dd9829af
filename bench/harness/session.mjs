/**
 * One library at work: builds, answers, saves. Runs where the library does, in a worker or a
 * process of its own; the runner calls its methods from outside.
 */
import { latencyOf, recallOf, timerStep } from './statistics.mjs';

const k = 10;

/** Queries before a pass that are not timed: whatever ran before has emptied the caches. */
const warmUp = 50;

/**
 * A pass over 500 queries of 20 µs is over in 10 ms, of which one pause of the machine is a tenth: queries are asked
 * again until a pass has taken this long.
 */
const passMs = 100;
const maxRounds = 20;

/**
 * @typedef {object} Files how this place reads a file of the set's folder
 * @property {(path: string) => Promise<ArrayBuffer>} buffer
 * @property {(path: string) => Promise<any>} json
 *
 * @typedef {import('../adapters/adapter.mjs').Adapter} Adapter
 * @typedef {import('../adapters/adapter.mjs').Params} Params
 * @typedef {import('../data/sets.mjs').DataSet & { quick: boolean }} SessionSet
 * @typedef {'tuning' | 'test'} Half of the queries
 */

/** @param {Adapter} adapter @param {Files} files */
export function createSession(adapter, files) {
  const step = timerStep();
  /** @type {SessionSet} */
  let set;
  /** @type {Params} */
  let build = {};
  /** @type {Record<Half, { queries: any[], truth: number[][] }>} */
  let halves;

  /** @param {SessionSet} wanted */
  async function useSet(wanted) {
    set = wanted;
    const all = new Float32Array(await files.buffer(`${set.folder}/queries.f32`));
    const truth = await files.json(`${set.folder}/truth.json`);
    const { dimensions, queries: count } = set;
    const middle = Math.floor(count / 2);
    const queries = Array.from({ length: count }, (_, i) =>
      all.slice(i * dimensions, (i + 1) * dimensions),
    );
    halves = {
      tuning: { queries: queries.slice(0, middle), truth: truth.slice(0, middle) },
      test: { queries: queries.slice(middle), truth: truth.slice(middle) },
    };
  }

  /** @param {Float32Array} query */
  const asQuery = (query) => adapter.asQuery?.(query) ?? query;

  return {
    /** @param {SessionSet} wanted */
    describe: (wanted) => ({
      version: adapter.version,
      modes: adapter.modes,
      ways: adapter.ways ?? {},
      grid: adapter.grid(wanted),
      capacityHint: adapter.capacityHint ?? false,
      twoWorkers: adapter.buildOnTwoWorkers !== undefined,
      filters: adapter.searchFiltered !== undefined,
    }),

    async load() {
      const start = performance.now();
      await adapter.load();
      return { ms: performance.now() - start };
    },

    /**
     * A fixed piece of work that has nothing to do with the library: how fast the machine is now.
     * @returns {number} milliseconds
     */
    calibrate() {
      const rows = Float32Array.from({ length: 4_096 * 384 }, (_, i) => (i % 251) / 251);
      const times = new Float64Array(15);
      let sink = 0;
      for (let pass = 0; pass < times.length; pass++) {
        const start = performance.now();
        for (let i = 0; i < rows.length; i += 2) sink += rows[i] * rows[i + 1];
        times[pass] = performance.now() - start;
      }
      if (Number.isNaN(sink)) throw new Error('Not a number.');
      return times.sort()[7];
    },

    /** @param {SessionSet} wanted @param {Params} params @param {boolean} [onTwoWorkers] */
    async build(wanted, params, onTwoWorkers = false) {
      await useSet(wanted);
      build = params;
      const vectors = new Float32Array(await files.buffer(`${set.folder}/vectors.f32`));
      const make = onTwoWorkers ? adapter.buildOnTwoWorkers : adapter.build;
      if (!make) throw new Error('It does not build on two workers.');
      const start = performance.now();
      await make(vectors, set, params);
      const ms = performance.now() - start;
      return { ms, memoryBytes: adapter.memoryBytes(), evaluations: adapter.evaluations?.() };
    },

    memoryBytes: () => adapter.memoryBytes(),

    /** @param {string} mode */
    sweep: (mode) => adapter.sweep(mode, set, build),

    /**
     * All queries of one half, one after the other, once or more.
     * @param {string} mode
     * @param {Params} params
     * @param {Half} half
     */
    async pass(mode, params, half) {
      await adapter.configure(mode, params);
      const { queries, truth } = halves[half];
      const asked = queries.map(asQuery);
      const evaluations = adapter.evaluations;
      for (const query of asked.slice(0, warmUp)) await adapter.search(query, k);
      /** @type {number[]} */
      const times = [];
      const before = evaluations?.() ?? 0;
      const began = performance.now();
      let recall = 0;
      let few = 0;
      let rounds = 0;
      do {
        for (let i = 0; i < asked.length; i++) {
          const start = performance.now();
          let found = adapter.search(asked[i], k);
          if (found instanceof Promise) found = await found;
          times.push(performance.now() - start);
          const rows = adapter.rows(found);
          recall += recallOf(rows, truth[i], k);
          if (rows.length < k) few++;
        }
        rounds++;
      } while (performance.now() - began < passMs && rounds < maxRounds);
      return {
        ...latencyOf(Float64Array.from(times), step),
        queries: asked.length,
        rounds,
        recall: recall / times.length,
        few: few / rounds,
        evaluations: evaluations && (evaluations() - before) / times.length,
      };
    },

    /** @param {string} way */
    async save(way) {
      if (!adapter.save) throw new Error('It cannot be saved.');
      const start = performance.now();
      const { bytes, payload } = await adapter.save(way);
      return { ms: performance.now() - start, bytes, payload };
    },

    /**
     * @param {SessionSet} wanted
     * @param {Params} params of the build
     * @param {string} way
     * @param {any} payload
     */
    async open(wanted, params, way, payload) {
      if (!adapter.open) throw new Error('It cannot be opened.');
      await useSet(wanted);
      const { queries, truth } = halves.test;
      const query = asQuery(queries[0]);
      const start = performance.now();
      await adapter.open(way, payload, set, params);
      const found = await adapter.search(query, k);
      const ms = performance.now() - start;
      let recall = recallOf(adapter.rows(found), truth[0], k);
      // That it opens says little unless it also finds.
      const more = Math.min(100, queries.length);
      for (let i = 1; i < more; i++) {
        recall += recallOf(adapter.rows(await adapter.search(asQuery(queries[i]), k)), truth[i], k);
      }
      return { ms, recall: recall / more, memoryBytes: adapter.memoryBytes() };
    },

    /**
     * @param {string} mode
     * @param {Params} params
     */
    async filtered(mode, params) {
      const { searchFiltered } = adapter;
      if (!searchFiltered) throw new Error('It has no filters.');
      await adapter.configure(mode, params);
      const cases = await files.json(`${set.folder}/filters.json`);
      const words = new Uint32Array(await files.buffer(`${set.folder}/filters.u32`));
      const size = Math.ceil(set.count / 32);
      const results = [];
      for (const { kind, share, matches, start, length, truth } of cases) {
        const asked = halves.test.queries.slice(0, truth.length);
        const bits = words.subarray(start, start + length);
        /** @param {number} i */
        const filterOf = (i) => (length === size ? bits : bits.subarray(i * size, (i + 1) * size));
        const filters = asked.map((_, i) => filterOf(i).slice());
        let best;
        for (let pass = 0; pass < 3; pass++) {
          const [times, plain] = [new Float64Array(asked.length), new Float64Array(asked.length)];
          let [recall, few] = [0, 0];
          // In turns with the same queries unfiltered: the machine is as fast for both.
          for (let i = 0; i < asked.length; i++) {
            const begin = performance.now();
            adapter.search(asked[i], k);
            plain[i] = performance.now() - begin;
          }
          const before = adapter.evaluations?.() ?? 0;
          for (let i = 0; i < asked.length; i++) {
            const begin = performance.now();
            const found = searchFiltered(asked[i], k, filters[i]);
            times[i] = performance.now() - begin;
            const rows = adapter.rows(found);
            recall += recallOf(rows, truth[i], k);
            if (rows.length !== Math.min(k, matches)) few++;
          }
          const evaluations = ((adapter.evaluations?.() ?? 0) - before) / asked.length;
          const result = {
            ...latencyOf(times, step),
            recall: recall / asked.length,
            wrongCount: few,
            evaluations,
            unfilteredP50: latencyOf(plain, step).p50,
          };
          if (!best || result.p50 < best.p50) best = result;
        }
        const scanned = asked.map((query, i) =>
          recallOf(adapter.rows(searchFiltered(query, k, filters[i], true)), truth[i], k),
        );
        const scanRecall = scanned.reduce((sum, one) => sum + one, 0) / asked.length;
        results.push({ kind, share, matches, queries: asked.length, scanRecall, ...best });
      }
      return results;
    },

    free: () => adapter.free(),
  };
}
