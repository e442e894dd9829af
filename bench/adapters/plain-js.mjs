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
    const { length } = rows;
    const end = width - (width % 8);
    const scores = new Float64Array(k).fill(-Infinity); // a heap, the worst of the best on top
    const found = new Int32Array(k).fill(-1);
    for (let start = 0, row = 0; start < length; start += width, row++) {
      let [a, b, c, d] = [0, 0, 0, 0];
      let i = 0;
      for (let at = start; i < end; i += 8, at += 8) {
        a += query[i] * rows[at] + query[i + 4] * rows[at + 4];
        b += query[i + 1] * rows[at + 1] + query[i + 5] * rows[at + 5];
        c += query[i + 2] * rows[at + 2] + query[i + 6] * rows[at + 6];
        d += query[i + 3] * rows[at + 3] + query[i + 7] * rows[at + 7];
      }
      for (; i < width; i++) a += query[i] * rows[start + i];
      const score = a + b + (c + d);
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
