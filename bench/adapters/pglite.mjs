/** PGlite with pgvector: Postgres by Emscripten, data in memory. */
import { PGlite } from '../node_modules/@electric-sql/pglite/dist/index.js';
import { vector } from '../node_modules/@electric-sql/pglite-pgvector/dist/index.js';
import { efValues, graphGrid } from './adapter.mjs';

/** Rows in one statement. */
const batch = 250;

let db;

const select = 'SELECT id FROM items ORDER BY v <#> $1 LIMIT $2';

/** @type {import('./adapter.mjs').Adapter} */
export default {
  version: '0.5.14 + pgvector 0.0.15',
  modes: ['hnsw'],
  ways: { bytes: '`dumpDataDir`, uncompressed, in memory' },

  grid: graphGrid,
  sweep: () => efValues.map((efSearch) => ({ efSearch })),

  async load() {
    // Loading starts Postgres. An index is opened by a database of its own: see `open`.
  },

  async build(vectors, { dimensions, count }, { m, efConstruction }) {
    db = await PGlite.create({ extensions: { vector } });
    await db.exec(`
      CREATE EXTENSION vector;
      SET maintenance_work_mem = '512MB';
      CREATE TABLE items (id integer PRIMARY KEY, v vector(${dimensions}));
      ALTER TABLE items ALTER COLUMN v SET STORAGE PLAIN;`);
    for (let first = 0; first < count; first += batch) {
      const rows = Array.from({ length: Math.min(batch, count - first) }, (_, i) => {
        const row = first + i;
        return `(${row},'${text(vectors.subarray(row * dimensions, (row + 1) * dimensions))}')`;
      });
      await db.exec(`INSERT INTO items VALUES ${rows.join(',')}`);
    }
    await db.exec(`CREATE INDEX ON items USING hnsw (v vector_ip_ops)
      WITH (m = ${m}, ef_construction = ${efConstruction})`);
  },

  async configure(_mode, { efSearch }) {
    await db.exec(`SET hnsw.ef_search = ${efSearch}; SET enable_seqscan = off`);
  },

  asQuery: text,

  search: (query, k) => db.query(select, [query, k]),

  rows: ({ rows }) => rows.map(({ id }) => id),

  memoryBytes: () => db.Module.HEAPU8.byteLength,

  async save() {
    const payload = await db.dumpDataDir('none');
    return { bytes: payload.size, payload };
  },

  async open(_way, saved) {
    db = await PGlite.create({ loadDataDir: saved, extensions: { vector } });
    await db.exec('SET enable_seqscan = off');
  },

  free: () => void db.close(),
};

/** @param {Float32Array} numbers */
function text(numbers) {
  return `[${numbers.join(',')}]`;
}
