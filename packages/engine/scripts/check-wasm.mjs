/**
 * Checks that the committed WebAssembly module is the one that its record describes, and that it
 * was built from the sources beside it. Needs no Rust.
 */
import { readFile } from 'node:fs/promises';
import { describeOutput, hashSources, record } from './wasm-sources.mjs';

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
if (problems.length > 0) {
  problems.push('Run `pnpm --filter @akin/engine build:wasm` and commit packages/engine/wasm.');
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log('The committed WebAssembly module belongs to the Rust sources.');
