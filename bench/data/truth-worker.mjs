/** Finds the exact nearest of some of the queries. */
import { parentPort, workerData } from 'node:worker_threads';
import { block, nearestOf, similarities } from './truth.mjs';

const { vectors, queries, dimensions, k, first, last } = workerData;
const end = Math.min(last, queries.length / dimensions);
const found = [];
for (let at = first; at < end; at += block) {
  const size = Math.min(block, end - at);
  const scores = similarities(vectors, queries, dimensions, at, size);
  found.push(...scores.map((list) => nearestOf(list, k)));
}
parentPort?.postMessage(found);
