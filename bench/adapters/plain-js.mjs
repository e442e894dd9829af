/** What everybody can write: a scan over one Float32Array, unrolled, and a heap of the best ten. */

let rows = new Float32Array(0);
let width = 0;

/** @type {import('./adapter.mjs').Adapter} */
export default {
  version: '–',
  modes: ['scan'],
  ways: { bytes: 'the array itself' },

  grid: () => [{}],
  sweep: () => [{}],

  async load() {},

  build(vectors, { dimensions }) {
    width = dimensions;
    rows = vectors.slice();
  },

  configure() {},

  search(query, k) {
    // Local, because V8 does not keep variables of a module in registers.
    const [all, dimensions] = [rows, width];
    const { length } = all;
    const end = dimensions - (dimensions % 8);
    const scores = new Float64Array(k).fill(-Infinity); // a heap, the worst of the best on top
    const found = new Int32Array(k).fill(-1);
    for (let start = 0, row = 0; start < length; start += dimensions, row++) {
      // Eight sums that do not wait for one another: of the variants tried the fastest in V8.
      // (Written out, because taking them from an array would cost more than the row.)
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let s4 = 0;
      let s5 = 0;
      let s6 = 0;
      let s7 = 0;
      let i = 0;
      for (; i < end; i += 8) {
        const at = start + i;
        s0 += query[i] * all[at];
        s1 += query[i + 1] * all[at + 1];
        s2 += query[i + 2] * all[at + 2];
        s3 += query[i + 3] * all[at + 3];
        s4 += query[i + 4] * all[at + 4];
        s5 += query[i + 5] * all[at + 5];
        s6 += query[i + 6] * all[at + 6];
        s7 += query[i + 7] * all[at + 7];
      }
      for (; i < dimensions; i++) s0 += query[i] * all[start + i];
      const score = s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7));
      if (score <= scores[0]) continue;
      let at = 0;
      for (let child = 1; child < k; child = 2 * at + 1) {
        if (child + 1 < k && scores[child + 1] < scores[child]) child++;
        if (scores[child] >= score) break;
        scores[at] = scores[child];
        found[at] = found[child];
        at = child;
      }
      scores[at] = score;
      found[at] = row;
    }
    return Array.from(found.keys())
      .sort((x, y) => scores[y] - scores[x])
      .map((at) => found[at]);
  },

  rows: (found) => found,

  memoryBytes: () => rows.byteLength,

  async save() {
    const payload = new Uint8Array(rows.slice().buffer);
    return { bytes: payload.length, payload };
  },

  async open(_way, saved, { dimensions }) {
    width = dimensions;
    rows = new Float32Array(saved.buffer);
  },

  free() {
    rows = new Float32Array(0);
  },
};
