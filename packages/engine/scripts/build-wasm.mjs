/**
 * Builds the WebAssembly module into `wasm/`, with a record of what it was built from and with.
 *
 * The same sources and the same versions of the tools give the same bytes, wherever they are
 * built. Another compiler gives other bytes that do the same: a test compares what they compute.
 */
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { minify } from 'vite';
import { run } from '../../../scripts/process.mjs';
import { describeRust, probeRust, wasmBuildEnv } from '../../../scripts/toolchain/rust.mjs';
import {
  crate,
  describeOutput,
  flags,
  flagsWithStd,
  hashSources,
  output,
  record,
} from './wasm-sources.mjs';

const files = [
  'akin_engine.js',
  'akin_engine.d.ts',
  'akin_engine_bg.wasm',
  'akin_engine_bg.wasm.d.ts',
];

const rust = probeRust();
if (rust.missing.length > 0) {
  console.error(describeRust(rust));
  process.exit(1);
}

const built = await mkdtemp(join(tmpdir(), 'akin-wasm-'));
try {
  const target = ['--target', 'web', '--out-dir', built, '--out-name', 'akin_engine'];
  const code = await run(
    'wasm-pack',
    ['--log-level', 'warn', 'build', crate, '--mode', 'force', '--no-pack', ...target],
    { env: wasmBuildEnv(rust, flags, flagsWithStd) },
  );
  if (code !== 0) {
    console.error('wasm-pack failed. What it printed above says why.');
    process.exit(1);
  }
  await mkdir(output, { recursive: true });
  for (const file of files) await copyFile(join(built, file), new URL(file, output));
  await shorten(new URL('akin_engine.js', output));
  await writeRecord();
} finally {
  await rm(built, { recursive: true, force: true });
}

/** What the glue says about itself is in its types, and those who load the engine need neither. */
async function shorten(glue) {
  const { code } = await minify('akin_engine.js', await readFile(glue, 'utf8'), { module: true });
  await writeFile(glue, `${code}\n`);
}

async function writeRecord() {
  const description = {
    sourcesSha256: await hashSources(),
    ...(await describeOutput()),
    toolchain: {
      rustc: rust.rustc,
      standardLibrary: rust.wasm === 'debian' ? 'built along' : 'as rustup has it',
      wasmPack: rust.wasmPack,
      wasmBindgen: rust.wasmBindgen,
      wasmOpt: rust.wasmOpt,
    },
  };
  const text = `${JSON.stringify(description, undefined, 2)}\n`;
  const before = await readFile(record, 'utf8').catch(() => '');
  await writeFile(record, text);
  const { wasmBytes, wasmGzipBytes, glueGzipBytes } = description;
  console.log(
    `${before === text ? 'The same module as before' : 'A new module'}: ${wasmBytes} bytes, ` +
      `${wasmGzipBytes} compressed, and ${glueGzipBytes} of glue.`,
  );
}

// Paths of this machine must not be in what is published.
const text = await readFile(new URL('akin_engine_bg.wasm', output), 'latin1');
const paths = text.match(/\/(?:home|root|Users|work|tmp)\/[\w./-]+/g);
if (paths) {
  console.error(`The module holds paths of this machine: ${[...new Set(paths)].join(', ')}.`);
  process.exit(1);
}
