import assert from 'node:assert/strict';
import { test } from 'node:test';
import { best, duel, isBetter } from '../protocol/tune.mjs';
import { plotSvg } from '../report/plot.mjs';
import { ratiosOf } from '../report/ratios.mjs';

/** @param {number} recall @param {number} p50 */
const point = (recall, p50) => ({ params: { efSearch: p50 }, recall, p50 });

test('the first setting that reaches the recall wins, else the one that comes closest', () => {
  assert.equal(best([point(0.9, 1), point(0.96, 3), point(0.97, 2), point(0.99, 5)])?.p50, 3);
  const withoutSetting = { params: {}, recall: 1, p50: 9 };
  assert.equal(best([withoutSetting, point(0.9, 1), point(0.96, 3)])?.p50, 3);
  assert.equal(best([withoutSetting])?.p50, 9);
  assert.equal(best([point(0.8, 1), point(0.9, 3)])?.p50, 3);
  assert.equal(best([]), undefined);
  assert.equal(isBetter(point(0.9, 1), point(0.95, 9)), true);
  assert.equal(isBetter(point(0.95, 9), point(0.94, 1)), false);
  assert.equal(isBetter(undefined, point(0.1, 1)), true);
});

test('of two that are close none wins by a slow moment of the other', async () => {
  let turn = 0;
  /** @param {number} p50 in a quiet moment, to which every third pass comes */
  const session = (p50) => ({
    call: () => Promise.resolve({ p50: turn++ % 3 === 0 ? p50 : 2 * p50, mean: p50, queries: 500 }),
  });
  const [a, b] = [point(0.96, 10), point(0.95, 9)];
  const pair = [
    { session: session(6), point: a },
    { session: session(8), point: b },
  ];
  await duel('hnsw', /** @type {any} */ (pair));
  assert.deepEqual([a.p50, b.p50, isBetter(b, a)], [6, 8, true]);
  assert.equal(turn, 10);
  const far = [a, point(0.96, 20), point(0.9, 6)];
  for (const other of far.slice(1)) {
    await duel('hnsw', /** @type {any} */ ([pair[0], { session: session(1), point: other }]));
  }
  assert.deepEqual([turn, a.p50, far[1]?.p50], [10, 6, 20]);
});

test('ratios compare with the fastest other, and leave out who misses the recall', () => {
  /**
   * With a build behind its search that takes `ms`, and a fast one that takes `fastMs`.
   * @param {string} peer @param {number} p50 @param {boolean} reached @param {number} ms
   * @param {number} fastMs
   */
  const result = (peer, p50, reached, ms, fastMs = ms / 2) => ({
    peer,
    search: { p50, p99: 3 * p50, reached },
    build: { ms },
    builds: [ms, fastMs].map((time) => ({
      ms: time,
      points: [point(reached ? 0.96 : 0.5, p50)],
    })),
  });
  const ratios = ratiosOf([
    { ...result('akin', 0.05, true, 100, 20), twoWorkers: { ms: 70 } },
    result('edgevec', 0.1, false, 50),
    result('ferrovec', 0.4, true, 900, 300),
    result('hnswlib-wasm', 0.5, true, 700),
    result('hnswlib-node', 0.2, true, 300),
  ]);
  assert.equal(ratios.browser.peer, 'ferrovec');
  assert.equal(ratios.search.browser, 8);
  assert.equal(ratios.search.native, 4);
  assert.equal(ratios.searched.browser, 7);
  assert.equal(ratios.searched.browserPeer.peer, 'hnswlib-wasm');
  assert.equal(ratios.searched.native, 3);
  assert.equal(ratios.searched.together, 10);
  assert.equal(ratios.fastest.browser, 15);
  assert.equal(ratios.fastest.browserPeer.peer, 'ferrovec');
  assert.equal(ratios.fastest.native, 7.5);
});

test('a plot says in words what it shows', () => {
  const svg = plotSvg({
    title: 'a < b',
    wantedRecall: 0.95,
    lines: [
      {
        name: 'one',
        style: 0,
        points: [
          { recall: 0.9, ms: 0.02 },
          { recall: 0.96, ms: 0.05 },
        ],
      },
      { name: 'two', style: 1, points: [{ recall: 0.85, ms: 2 }] },
    ],
  });
  assert.match(svg, /<title id="title">a &lt; b: recall against latency<\/title>/);
  assert.match(svg, /one reaches recall 0.95 in 50 µs; two does not reach recall 0.95/);
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
});
