/** The built index worker, and the bytes that it hands to the database, table by table. */
/* global BroadcastChannel, IDBObjectStore, self */
import { cloneSize } from './clone-size.mjs';

/** @type {Record<string, number>} */
const tables = {};
let snapshots = 0;

for (const method of ['put', 'add']) {
  const original = IDBObjectStore.prototype[method];
  IDBObjectStore.prototype[method] = function (
    /** @type {any} */ value,
    /** @type {any[]} */ ...key
  ) {
    tables[this.name] = (tables[this.name] ?? 0) + cloneSize(value);
    if (this.name === 'meta' && value.key.startsWith('snapshot-')) snapshots++;
    return original.call(this, value, ...key);
  };
}

const channel = new BroadcastChannel(`written ${self.name}`);
channel.onmessage = ({ data }) => {
  if (data !== 'ask') return;
  const bytes = Object.values(tables).reduce((sum, one) => sum + one, 0);
  channel.postMessage({ bytes, tables, snapshots });
};

await import('/packages/react/dist/worker/entry.js');
