/**
 * Checks that the committed WebAssembly module is the one that its record describes, that it was
 * built from the sources beside it, and that it is within its budget. Needs no Rust. A module that is
 * built elsewhere for testing, with a standard library that formats panics, may be larger.
 */
import { readFile } from 'node:fs/promises';
import { describeOutput, hashSources, record } from './wasm-sources.mjs';

/** What a page may have to load: the module and its glue, compressed. */
const budgetBytes = 60_000;

const recorded = JSON.parse(await readFile(record, 'utf8'));
const problems = [];
if (recorded.sourcesSha256 !== (await hashSources())) {
  problems.push('The Rust sources have changed since packages/engine/wasm was built.');
}
const found = await describeOutput();
for (const name of ['wasmSha256', 'glueSha256']) {
  if (recorded[name] !== found[name]) {
    problems.push(`packages/engine/wasm is not what BUILD.json describes (${name}).`);
  }
}
const shipped = found.wasmGzipBytes + found.glueGzipBytes;
if (shipped > budgetBytes) {
  problems.push(`Module and glue take ${shipped} bytes compressed, and may take ${budgetBytes}.`);
}
if (problems.length > 0) {
  problems.push('Run `pnpm --filter @akin/engine build:wasm` and commit packages/engine/wasm.');
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(
  `The committed WebAssembly module belongs to the Rust sources and takes ${shipped} bytes compressed.`,
);
