/**
 * Rust: what of it is here, and how the WebAssembly module is built with it.
 *
 * There are two ways to the WebAssembly target. A rustup that has it (or may fetch it) needs
 * nothing more. Debian's `rustc-web` comes without a standard library for the target, but with its
 * source: cargo builds that along.
 *
 * On its own: `node scripts/toolchain/rust.mjs` says what is here.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { answer, root, run } from '../process.mjs';
import { installDebianPackages, whyNoDebianPackages } from './debian.mjs';
import { wasmBindgenVersion, wasmPackVersion, wasmTarget } from './versions.mjs';

const debian = { rustc: '/usr/bin/rustc', cargo: '/usr/bin/cargo' };
const debianPackages = ['rustc-web', 'cargo-web', 'rust-web-src', 'rust-web-llvm', 'lld-22'];

/** Where cargo puts what it installs; not every shell has it on PATH. */
const cargoBin = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'bin');

/** Where npm put binaryen's wasm-opt. */
const engineBin = join(root, 'packages', 'engine', 'node_modules', '.bin');

/** PATH with everything on it that a build may ask for. */
export function searchPath() {
  return [engineBin, process.env.PATH ?? '', cargoBin].join(delimiter);
}

/** @param {string} command @param {string[]} args @param {Record<string, string>} [env] */
function ask(command, args, env = {}) {
  return answer(command, args, { PATH: searchPath(), ...env });
}

/** @param {string} command @param {string[]} [args] */
function version(command, args = ['--version']) {
  return ask(command, args)?.match(/\d+\.\d+(\.\d+)?|(?<=version )\d+/)?.[0];
}

/**
 * @typedef {object} Rust
 * @property {string | undefined} cargo version of the cargo for native tests
 * @property {boolean} checks whether rustfmt and clippy are there too
 * @property {'rustup' | 'debian' | undefined} wasm the way to the WebAssembly target
 * @property {string | undefined} rustc version of the compiler of that way
 * @property {string | undefined} wasmPack version
 * @property {string | undefined} wasmBindgen version
 * @property {string | undefined} wasmOpt version
 * @property {string[]} missing for building the module, in words; empty when it can be built
 */

/**
 * What is here. Installs nothing and asks no network.
 * @returns {Rust}
 */
export function probeRust() {
  const cargo = version('cargo');
  const checks =
    Boolean(version('cargo', ['fmt', '--version'])) &&
    Boolean(version('cargo', ['clippy', '--version']));
  const wasm = hasRustupTarget() ? 'rustup' : hasDebianRust() ? 'debian' : undefined;
  const rustc = wasm && version(wasm === 'debian' ? debian.rustc : 'rustc');
  const [wasmPack, wasmBindgen] = [version('wasm-pack'), version('wasm-bindgen')];
  const wasmOpt = version('wasm-opt');
  const missing = [
    !cargo && !wasm ? 'cargo' : undefined,
    !wasm ? `the target ${wasmTarget}` : undefined,
    !wasmPack ? `wasm-pack (${wasmPackVersion})` : undefined,
    wasmBindgen !== wasmBindgenVersion ? `wasm-bindgen ${wasmBindgenVersion}` : undefined,
    !wasmOpt ? 'wasm-opt, which comes with `pnpm install`' : undefined,
  ].filter((part) => part !== undefined);
  return { cargo, checks, wasm, rustc, wasmPack, wasmBindgen, wasmOpt, missing };
}

function hasRustupTarget() {
  const folder = ask('rustc', ['--print', 'target-libdir', '--target', wasmTarget]);
  return folder !== undefined && existsSync(folder);
}

function hasDebianRust() {
  if (!existsSync(debian.cargo)) return false;
  const folder = ask(debian.rustc, ['--print', 'sysroot']);
  return folder !== undefined && existsSync(join(folder, 'lib/rustlib/src/rust/library/std'));
}

/**
 * The environment in which wasm-pack builds the module.
 * @param {Rust} rust what {@link probeRust} found
 * @param {readonly string[]} flags for the compiler
 * @param {readonly string[]} [flagsWithStd] more, where the standard library is built along
 * @returns {Record<string, string>}
 */
export function wasmBuildEnv(rust, flags, flagsWithStd = []) {
  const remapped = [
    [root, 'akin'],
    [process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'cargo'],
  ].map(([from, to]) => `--remap-path-prefix=${from?.replace(/[/\\]$/, '')}=${to}`);
  const common = { CARGO_TARGET_DIR: join(root, 'target', 'wasm'), CARGO_INCREMENTAL: '0' };
  const join31 = (/** @type {readonly string[]} */ all) => all.join('\x1f');
  if (rust.wasm !== 'debian') {
    const all = join31([...flags, ...remapped]);
    return { ...common, PATH: searchPath(), CARGO_ENCODED_RUSTFLAGS: all };
  }
  return {
    ...common,
    RUSTC: debian.rustc,
    CARGO: debian.cargo,
    // Building the standard library is not stable yet; this is how Debian's own packages do it.
    RUSTC_BOOTSTRAP: '1',
    CARGO_UNSTABLE_BUILD_STD: 'std,panic_abort',
    CARGO_ENCODED_RUSTFLAGS: join31([...flags, ...flagsWithStd, ...remapped]),
    // wasm-pack calls `cargo` by name.
    PATH: [engineBin, '/usr/bin', searchPath()].join(delimiter),
  };
}

/**
 * Installs what is missing for building the module, as far as that is possible, and says before
 * each step what it is about to install. For continuous integration: elsewhere nobody asked.
 * @param {{ log: (text: string) => void }} options
 * @returns {Promise<Rust>} what is there now
 */
export async function installRust({ log }) {
  let rust = probeRust();
  if (!rust.wasm && ask('rustup', ['--version'])) {
    log(`Adding Rust's target ${wasmTarget} with rustup\n`);
    await run('rustup', ['target', 'add', wasmTarget], quietly());
    rust = probeRust();
  }
  if (!rust.wasm) {
    const reason = whyNoDebianPackages();
    if (reason) log(`Rust for ${wasmTarget} cannot be installed: ${reason}.\n`);
    else await installDebianPackages(debianPackages, log);
    rust = probeRust();
  }
  if (!rust.wasm) return rust;

  // Native code for this machine is built by whichever cargo there is.
  const cargo = rust.cargo ? 'cargo' : debian.cargo;
  if (!rust.wasmPack) {
    log(`Installing wasm-pack ${wasmPackVersion} with cargo\n`);
    await run(cargo, ['install', 'wasm-pack', '--version', wasmPackVersion, '--locked'], quietly());
  }
  if (rust.wasmBindgen !== wasmBindgenVersion) {
    log(`Installing wasm-bindgen ${wasmBindgenVersion} with cargo\n`);
    // Without --locked: its lock file names versions that not every registry still has.
    const crate = ['wasm-bindgen-cli', '--version', wasmBindgenVersion, '--force'];
    await run(cargo, ['install', ...crate], quietly());
  }
  return probeRust();

  /** Shows the output of a step only where it failed. */
  function quietly() {
    return {
      env: { PATH: searchPath() },
      timeoutMs: 20 * 60_000,
      onOutput: (/** @type {string} */ text) => {
        if (/^(error|warning: spurious)/m.test(text)) log(text);
      },
    };
  }
}

/**
 * One sentence on what is here.
 * @param {Rust} rust
 */
export function describeRust(rust) {
  if (rust.missing.length > 0) {
    return `The WebAssembly module cannot be built here, for want of ${rust.missing.join(', ')}.`;
  }
  const way = rust.wasm === 'debian' ? 'Debian, standard library built along' : 'rustup';
  return `The WebAssembly module can be built here: rustc ${rust.rustc} (${way}), wasm-pack ${rust.wasmPack}, wasm-bindgen ${rust.wasmBindgen}, wasm-opt ${rust.wasmOpt}.`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(describeRust(probeRust()));
}
