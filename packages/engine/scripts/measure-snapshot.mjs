/**
 * Prints how long snapshots take in Chromium, from memory and through IndexedDB:
 *
 *   node scripts/measure-snapshot.mjs file [vectors] [dimensions]
 *
 * `file` is a snapshot. Where there is none, an index of clustered vectors is built and saved
 * there first, which takes about a minute for 100,000 × 768. Every round starts a browser of its
 * own on one profile: what is opened there has not been in its memory before.
 */
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const [file, vectors = '100000', dimensions = '768'] = process.argv.slice(2);
if (!file) {
  console.error('Name a file for the snapshot: node scripts/measure-snapshot.mjs file');
  process.exit(1);
}
if (!existsSync(file)) await build(Number(vectors), Number(dimensions));

const root = fileURLToPath(new URL('../', import.meta.url));
const types = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
const server = createServer((request, response) => {
  const path = new URL(request.url, 'http://localhost').pathname;
  // Cross-origin isolated for the resolution of its timer.
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
  const type = types[/\.\w+$/.exec(path)?.[0]];
  response.setHeader('Content-Type', path === '/' ? 'text/html' : (type ?? 'text/plain'));
  if (path === '/') return response.end('<!doctype html>');
  return createReadStream(path === '/snapshot' ? file : join(root, path))
    .on('error', () => response.writeHead(404).end())
    .pipe(response);
}).listen(0);

const profile = await mkdtemp(join(tmpdir(), 'akin-snapshot-'));
try {
  for (let round = 0; round < 3; round++) {
    await inBrowser(async (page) => {
      print(await page.evaluate(fromMemory));
      print(await page.evaluate(intoDatabase));
    });
    await inBrowser(async (page) => print(await page.evaluate(fromDatabase)));
  }
} finally {
  server.close();
  await rm(profile, { recursive: true, force: true });
}

async function inBrowser(measure) {
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.AKIN_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${server.address().port}/`);
    await page.evaluate(prepare);
    await measure(page);
  } finally {
    await browser.close();
  }
}

/** What the other functions in the page use. */
async function prepare() {
  const { loadEngine } = await import('/dist/browser.js');
  const engine = await loadEngine();
  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const openDatabase = () => {
    const request = globalThis.indexedDB.open('snapshot');
    request.onupgradeneeded = () => request.result.createObjectStore('chunks');
    return done(request);
  };
  const search = (index) => {
    const query = Float32Array.from({ length: index.dimensions }, (_, at) => Math.sin(at));
    return index.search(query, { k: 10 }).slots;
  };
  globalThis.measured = { engine, done, openDatabase, search };
}

async function fromMemory() {
  const { engine, search } = globalThis.measured;
  const bytes = new Uint8Array(await (await fetch('/snapshot')).arrayBuffer());
  const start = performance.now();
  const index = engine.openIndex(bytes);
  const opened = performance.now();
  search(index);
  const answered = performance.now();
  const saved = index.snapshot();
  const end = performance.now();
  globalThis.measured.index = index;
  return {
    'bytes in memory to first answer': answered - start,
    'of which opening': opened - start,
    'in one piece': end - answered,
    MB: saved.length / 1e6,
    'WASM MB': engine.memoryBytes / 1e6,
  };
}

/** All chunks, then those that changed after 100 and 1,000 more vectors. */
async function intoDatabase() {
  const { index, openDatabase, done } = globalThis.measured;
  const database = await openDatabase();
  const store = (mode) => {
    const transaction = database.transaction('chunks', mode, { durability: 'relaxed' });
    return transaction.objectStore('chunks');
  };
  await done(store('readwrite').clear());
  const results = {};
  let since;
  for (const added of [0, 100, 1000]) {
    const vectors = new Float32Array(added * index.dimensions).map(() => Math.random() - 0.5);
    index.add(vectors);
    index.buildStep();
    const start = performance.now();
    const { manifest, chunks } = index.snapshotChanges(since);
    const listed = performance.now();
    let read = 0;
    const target = store('readwrite');
    for (const chunk of chunks) {
      const before = performance.now();
      const bytes = chunk.read();
      read += performance.now() - before;
      target.put(bytes, chunk.key);
    }
    target.put(manifest, 'manifest');
    await new Promise((resolve, reject) => {
      target.transaction.oncomplete = resolve;
      target.transaction.onabort = () => reject(target.transaction.error);
    });
    const name = added === 0 ? 'all chunks' : `${added} added`;
    results[`${name}: listed`] = listed - start;
    results[`${name}: read`] = read;
    results[`${name}: stored`] = performance.now() - start;
    results[`${name}: chunks`] = chunks.length;
    results[`${name}: MB`] = chunks.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
    since = manifest;
  }
  database.close();
  return results;
}

async function fromDatabase() {
  const { engine, openDatabase, done, search } = globalThis.measured;
  const start = performance.now();
  const database = await openDatabase();
  const store = database.transaction('chunks').objectStore('chunks');
  const opening = engine.beginOpen(await done(store.get('manifest')));
  const chunks = opening.keys.map((key) => done(store.get(key)));
  let putting = 0;
  for (const chunk of chunks) {
    const bytes = await chunk;
    const before = performance.now();
    opening.put(bytes);
    putting += performance.now() - before;
  }
  search(opening.finish());
  const end = performance.now();
  return { 'IndexedDB to first answer': end - start, 'of which in the engine': putting };
}

function print(results) {
  const line = Object.entries(results).map(([name, value]) => {
    const whole = Number.isInteger(value) ? value : value.toFixed(1);
    return `${name} ${whole}${/MB|chunks$/.test(name) ? '' : ' ms'}`;
  });
  console.log(line.join(', '));
}

/** Clusters around 200 random centres. */
async function build(count, width) {
  const { loadEngine } = await import('../dist/node.js');
  const engine = await loadEngine(
    await readFile(new URL('../wasm/akin_engine_bg.wasm', import.meta.url)),
  );
  const index = engine.createIndex({ dimensions: width, capacity: count });
  let state = 42;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const centres = Float32Array.from({ length: 200 * width }, next);
  for (let left = count; left > 0; left -= 10_000) {
    const rows = new Float32Array(Math.min(10_000, left) * width);
    for (let start = 0; start < rows.length; start += width) {
      const centre = Math.floor((next() + 1) * 100) * width;
      for (let d = 0; d < width; d++) rows[start + d] = centres[centre + d] + 0.5 * next();
    }
    index.add(rows);
  }
  index.buildStep();
  await writeFile(file, index.snapshot());
}
