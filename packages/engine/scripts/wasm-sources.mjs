/** What the WebAssembly module is made from, and the record of what was made. */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const packageFolder = new URL('../', import.meta.url);
const rootFolder = new URL('../../', packageFolder);

/** The folder of the crate. */
export const crate = fileURLToPath(packageFolder);

/** The committed output of wasm-pack. */
export const output = new URL('wasm/', packageFolder);

/** The record beside it. */
export const record = new URL('BUILD.json', output);

/** Flags for the compiler. Every browser that has SIMD has the other features. */
export const flags = [
  '-Ctarget-feature=+simd128,+bulk-memory,+nontrapping-fptoint,+sign-ext,+mutable-globals',
  // The engine keeps nothing large on the stack, and memory starts with all of it.
  '-Clink-arg=-zstack-size=262144',
  // Smaller than at 275, and as fast: what must be inlined says so itself. At 10 it is 5 % slower.
  '-Cllvm-args=-inline-threshold=30',
];

/** Flags where the standard library is built along: a panic traps at once and has no text. */
export const flagsWithStd = ['-Zunstable-options', '-Cpanic=immediate-abort'];

/** One hash over everything that decides what the module does. */
export async function hashSources() {
  const hash = createHash('sha256');
  const folder = new URL('src/', packageFolder);
  const names = await readdir(folder, { recursive: true });
  const sources = names
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.rs'))
    .sort();
  const files = [
    ...sources.map((name) => [`src/${name}`, new URL(name, folder)]),
    ['Cargo.toml', new URL('Cargo.toml', packageFolder)],
    ['../../Cargo.toml', new URL('Cargo.toml', rootFolder)],
    ['../../Cargo.lock', new URL('Cargo.lock', rootFolder)],
  ];
  for (const [name, url] of files) {
    // A checkout on Windows may have other line ends.
    const text = (await readFile(url, 'utf8')).replaceAll('\r\n', '\n');
    hash.update(`${name}\0${text.length}\0${text}`);
  }
  hash.update(JSON.stringify([flags, flagsWithStd]));
  return hash.digest('hex');
}

/** Hashes and sizes of a built module and its glue. */
export async function describeOutput(folder = output) {
  const wasm = await readFile(new URL('akin_engine_bg.wasm', folder));
  const glue = await readFile(new URL('akin_engine.js', folder));
  const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
  return {
    wasmSha256: sha256(wasm),
    wasmBytes: wasm.length,
    wasmGzipBytes: gzipSync(wasm, { level: 9 }).length,
    glueSha256: sha256(glue),
    glueBytes: glue.length,
    glueGzipBytes: gzipSync(glue, { level: 9 }).length,
  };
}
