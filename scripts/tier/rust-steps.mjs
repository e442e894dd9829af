/**
 * The engine's steps. Rust is used where it is and installed only in continuous integration;
 * without it the committed WebAssembly module is tested, which must belong to its sources.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer, root, run } from '../process.mjs';
import { installDebianPackages, whyNoDebianPackages } from '../toolchain/debian.mjs';
import { describeRust, installRust, probeRust, searchPath } from '../toolchain/rust.mjs';
import { cargoCounts } from './counts.mjs';
import { Skip } from './step.mjs';

/**
 * @typedef {import('./step.mjs').Step} Step
 * @typedef {(args: string[], env?: Record<string, string>) => Promise<void>} Cargo
 */

const wasmFolder = join(root, 'packages', 'engine', 'wasm');

/** @type {import('../toolchain/rust.mjs').Rust} */
let rust;

/** @type {Map<string, Buffer>} the files as they are committed; empty until a build replaces them */
const committed = new Map();

/** Puts the committed files back, so that a test run changes nothing. */
function restore() {
  for (const [name, content] of committed) writeFileSync(join(wasmFolder, name), content);
}

/** @param {(text: string) => void} log */
async function installForIntegration(log) {
  rust = await installRust({ log });
  if (!rust.checks) {
    log('Installing rustfmt and clippy\n');
    if (answer('rustup', ['--version'], { PATH: searchPath() })) {
      await run('rustup', ['component', 'add', 'rustfmt', 'clippy'], { onOutput: log });
    } else if (!whyNoDebianPackages()) {
      await installDebianPackages(['rustfmt-web', 'rust-web-clippy'], log);
    }
    rust = probeRust();
  }
  if (!rust.cargo || !rust.checks) throw new Error('cargo, rustfmt or clippy is missing.');
}

/**
 * @param {string} name
 * @param {string[]} after cargo locks its folder, so its steps follow one another
 * @param {(cargo: Cargo, work: import('./step.mjs').StepWork) => Promise<unknown>} run
 * @returns {Step}
 */
export const cargoStep = (name, after, run) => ({
  name,
  needs: ['rust'],
  after,
  async run(work) {
    const path = { PATH: searchPath() };
    await run((args, env) => work.exec('cargo', args, { env: { ...path, ...env } }), work);
  },
});

/**
 * Runs tests in Rust and counts them.
 * @param {Cargo} cargo
 * @param {import('./step.mjs').StepWork} work
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
export async function cargoTest(cargo, work, args, env) {
  try {
    // Without --no-fail-fast the tests after the first broken file would go uncounted.
    await cargo(['test', '--workspace', '--no-fail-fast', ...args], env);
  } finally {
    work.add(cargoCounts(work.output));
  }
}

/** @type {Step} */
export const findRust = {
  name: 'rust',
  async run(work) {
    rust = probeRust();
    if (process.env.CI) await installForIntegration(work.log);
    else if (!rust.cargo) {
      throw new Skip('Rust is not here; the committed WebAssembly module is tested.');
    }
  },
};

/** @type {Step[]} */
export const rustSteps = [
  findRust,
  {
    name: 'engine-hash',
    run: (work) => work.exec(process.execPath, ['packages/engine/scripts/check-wasm.mjs']),
  },
  cargoStep('rust-format', [], (cargo) => cargo(['fmt', '--all', '--check'])),
  {
    // Rebuilds the module in its place, so that everything after it tests what was built here.
    name: 'engine',
    needs: ['install'],
    after: ['rust', 'engine-hash'],
    async run(work) {
      rust = probeRust(); // wasm-opt came with `install`.
      work.note = describeRust(rust);
      if (rust.missing.length > 0) {
        if (process.env.CI) throw new Error(describeRust(rust));
        return;
      }
      for (const name of readdirSync(wasmFolder)) {
        committed.set(name, readFileSync(join(wasmFolder, name)));
      }
      process.on('exit', restore);
      await work.exec(process.execPath, ['packages/engine/scripts/build-wasm.mjs']);
    },
  },
  {
    name: 'engine-same',
    needs: ['engine', 'engine-hash'],
    async run(work) {
      const before = committed.get('BUILD.json');
      if (!before) throw new Skip('nothing was rebuilt');
      const tools = (/** @type {Buffer} */ record) =>
        JSON.stringify(JSON.parse(`${record}`).toolchain);
      if (tools(before) !== tools(readFileSync(join(wasmFolder, 'BUILD.json')))) {
        work.note = 'other tools than the committed module was built with: bytes may differ';
        return;
      }
      const differing = [...committed].filter(
        ([name, content]) => !readFileSync(join(wasmFolder, name)).equals(content),
      );
      if (differing.length > 0) {
        const names = differing.map(([name]) => name).join(', ');
        throw new Error(`The same sources and tools gave other bytes: ${names}.`);
      }
    },
  },
  cargoStep('clippy', ['rust-format'], (cargo) =>
    cargo(['clippy', '--workspace', '--all-targets', '--', '-D', 'warnings']),
  ),
  cargoStep('rust-tests', ['clippy'], (cargo, work) => cargoTest(cargo, work, [])),
];
