/** What a run found out, kept for `write-table.mjs` when that asks. */
import { appendFileSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} BundlerRecord
 * @property {'bundler'} kind
 * @property {string} name
 * @property {import('./app.mjs').Entry} entry
 * @property {import('./bundlers.mjs').Mode} mode
 * @property {string} result `ok`, or an error's code
 *
 * @typedef {object} PolicyRecord
 * @property {'policy'} kind
 * @property {string} name
 * @property {import('./app.mjs').Entry} entry
 * @property {string} result
 */

const file = process.env.AKIN_PACKAGING_RECORDS;

/** @param {BundlerRecord | PolicyRecord} found */
export function record(found) {
  if (file) appendFileSync(file, `${JSON.stringify(found)}\n`);
}

/** @param {string} path @returns {(BundlerRecord | PolicyRecord)[]} */
export function readRecords(path) {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}
