/** The other worker in Node: serves a mirror at the port that it was given. */
import { workerData } from 'node:worker_threads';
import { loadEngine } from '../dist/node.js';

const engine = await loadEngine();
const { port, endAfter } = workerData;
engine.serveMirror(port);

// For the test of a worker that dies: counts what it is told.
let told = 0;
port.addEventListener('message', () => {
  if (++told === endAfter) process.exit();
});
