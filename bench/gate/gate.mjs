/**
 * The part of the benchmark that runs in `npm test`: what noise cannot move, against limits.json.
 * Latencies are printed, with their ratio to plain JavaScript in the same run, and gate nothing.
 *
 *   node bench/gate/gate.mjs           checks
 *   node bench/gate/gate.mjs --write   writes limits.json anew: what was measured and 3 % more
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { exactNearest } from '../data/truth.mjs';
import { k } from '../data/sets.mjs';
import { count, queries, sets } from './sets.mjs';

const file = new URL('limits.json', import.meta.url);

/**
 * @typedef {Record<'evaluations' | 'buildEvaluations' | 'bytesPerVector'
 *   | 'bytesPerVectorWithoutHint', number>} Limits
 */

/** @type {{ recall: number, sets: Record<string, Limits> }} */
const limits = JSON.parse(readFileSync(file, 'utf8'));

const write = process.argv.includes('--write');

for (const { name, dimensions, make } of sets) {
  await test(`the engine keeps its limits on ${name}`, async () => {
    const measured = await measure(dimensions, make());
    if (write) limits.sets[name] = roomFor(measured);
    const { latency, plain } = measured;
    const us = (/** @type {number} */ ms) => (ms * 1_000).toFixed(1);
    console.log(
      `${name}: recall ${measured.recall.toFixed(4)} at efSearch ${measured.efSearch}, ` +
        `p50 ${us(latency.p50)} µs, p99 ${us(latency.p99)} µs, p99 of plain JavaScript ` +
        `${(plain.p99 / latency.p99).toFixed(1)} times as long`,
    );
    assert.ok(measured.recall >= limits.recall, `recall ${measured.recall}`);
    for (const [figure, limit] of Object.entries(limits.sets[name])) {
      const value = measured[/** @type {keyof Limits} */ (figure)];
      console.log(`  ${figure} ${value.toFixed(1)}, at most ${limit}`);
      assert.ok(value <= limit, `${figure} of ${name} is ${value.toFixed(1)}, above ${limit}`);
    }
  });
}

if (write) writeFileSync(file, `${JSON.stringify(limits, undefined, 2)}\n`);

/** @param {number} dimensions @param {Float32Array} all */
async function measure(dimensions, all) {
  const shared = new Float32Array(new SharedArrayBuffer(all.byteLength));
  shared.set(all);
  const end = count * dimensions;
  const [vectors, questions] = [shared.subarray(0, end), shared.subarray(end)];
  const truth = await exactNearest(vectors, questions, { dimensions, k });
  const asked = Array.from({ length: queries }, (_, i) =>
    Float32Array.from(questions.subarray(i * dimensions, (i + 1) * dimensions)),
  );
  const common = { vectors: all.subarray(0, end), asked, truth, dimensions, recall: limits.recall };
  const hinted = await inThread({ ...common, hint: true });
  const { bytesPerVector } = await inThread({ ...common, hint: false });
  return { ...hinted, bytesPerVectorWithoutHint: bytesPerVector };
}

/** @param {unknown} workerData @returns {Promise<any>} */
function inThread(workerData) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('measure-gate.mjs', import.meta.url), { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** @param {any} measured @returns {Limits} */
function roomFor(measured) {
  /** @param {number} value */
  const room = (value) => Math.ceil(value * 1.03);
  return {
    evaluations: room(measured.evaluations),
    buildEvaluations: room(measured.buildEvaluations),
    bytesPerVector: room(measured.bytesPerVector),
    bytesPerVectorWithoutHint: room(measured.bytesPerVectorWithoutHint),
  };
}
