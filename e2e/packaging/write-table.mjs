/**
 * `node e2e/packaging/write-table.mjs`: tries every bundler and policy, and writes what came of it into
 * docs/bundlers.md. Build the packages first. With a file of records of an earlier run as argument, it only writes.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer, root, run } from '../../scripts/process.mjs';
import { findChromium } from '../../scripts/toolchain/chromium.mjs';
import { bundlers } from './bundlers.mjs';
import { policies } from './policies.mjs';
import { readRecords } from './records.mjs';

const page = join(root, 'docs', 'bundlers.md');

/** @typedef {import('./app.mjs').Entry} Entry */

/** @param {string | undefined} result */
const cell = (result) =>
  result === undefined ? '' : result === 'ok' ? 'answers' : `\`${result}\``;

/** @param {string[][]} rows the first holds the heads */
function table([head = [], ...rows]) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @param {ReturnType<typeof readRecords>} records */
function bundlerTable(records) {
  const found = (
    /** @type {string} */ name,
    /** @type {Entry} */ entry,
    /** @type {string} */ mode,
  ) =>
    records.find(
      (record) =>
        record.kind === 'bundler' &&
        record.name === name &&
        record.entry === entry &&
        record.mode === mode,
    )?.result;
  const rows = bundlers.flatMap(({ name, title, version }) =>
    /** @type {Entry[]} */ (['plain', 'inline']).map((entry) => [
      `${title} ${version}`,
      entry === 'plain' ? 'as it is' : '`inlineWorker()`',
      cell(found(name, entry, 'dev')),
      cell(found(name, entry, 'build')),
    ]),
  );
  return table([
    ['bundler', 'the package', 'development server', 'build'],
    // The inline entry is tried where it is needed.
    ...rows.filter(([, , dev, build]) => dev || build),
  ]);
}

/** @param {ReturnType<typeof readRecords>} records */
function policyTable(records) {
  const found = (/** @type {string} */ name, /** @type {Entry} */ entry) =>
    records.find(
      (record) => record.kind === 'policy' && record.name === name && record.entry === entry,
    )?.result;
  return table([
    ['Content-Security-Policy', 'as it is', '`inlineWorker()`'],
    ...policies.map(({ name }) => [name, cell(found(name, 'plain')), cell(found(name, 'inline'))]),
  ]);
}

/** @param {string} text @param {string} marker @param {string} content */
function replaceBetween(text, marker, content) {
  const pattern = new RegExp(`(<!-- ${marker} -->\n)[^]*?(<!-- /${marker} -->)`);
  if (!pattern.test(text)) throw new Error(`docs/bundlers.md has no place for ${marker}.`);
  return text.replace(pattern, (_, begin, end) => `${begin}\n${content}\n\n${end}`);
}

async function tryAll() {
  const folder = mkdtempSync(join(tmpdir(), 'akin-packaging-'));
  const file = join(folder, 'records');
  writeFileSync(file, '');
  try {
    for (const name of ['bundlers', 'policies']) {
      const env = { AKIN_PACKAGING_RECORDS: file };
      const code = await run(process.execPath, [`e2e/packaging/${name}.e2e.mjs`], { env });
      if (code !== 0) throw new Error(`${name} failed: nothing is written.`);
    }
    return readRecords(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const given = process.argv[2];
const records = given ? readRecords(given) : await tryAll();
const browser = answer(findChromium() ?? 'chromium', ['--version'])?.match(/\d+/)?.[0];
const date = new Date().toISOString().slice(0, 10);
const made = `Tried on ${date} in Chromium ${browser}, on Node ${process.versions.node}.`;

let text = readFileSync(page, 'utf8');
text = replaceBetween(text, 'bundlers', `${bundlerTable(records)}\n\n${made}`);
text = replaceBetween(text, 'policies', policyTable(records));
writeFileSync(page, text);
await run('npx', ['prettier', '--write', page]);
