/**
 * Builds ferrovec's WebAssembly module from its crate on crates.io: npm has none. A crate around it
 * says which version, and with which wasm-bindgen: the one that is installed here.
 *
 * With `simd128`, as its maker builds it, and at opt-level 3 where its maker has "s": the faster of
 * the two, and larger.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../scripts/process.mjs';
import { describeRust, probeRust, wasmBuildEnv } from '../../scripts/toolchain/rust.mjs';
import { cacheFolder } from '../cache.mjs';

const version = '0.4.0';

const folder = join(cacheFolder, 'ferrovec-crate');

const output = join(cacheFolder, 'ferrovec');

/** @param {string} wasmBindgen */
const manifest = (wasmBindgen) => `[package]
name = "ferrovec-bench"
version = "0.0.0"
edition = "2021"
publish = false

[lib]
crate-type = ["cdylib"]

[dependencies]
ferrovec = "=${version}"
wasm-bindgen = "=${wasmBindgen}"

[profile.release]
opt-level = 3
lto = true
codegen-units = 1
panic = "abort"

[package.metadata.wasm-pack.profile.release]
wasm-opt = ["-O3", "--enable-simd", "--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-sign-ext", "--enable-mutable-globals"]

[workspace]
`;

/**
 * @param {(text: string) => void} log
 * @returns {Promise<string | undefined>} why it is not there; undefined when it is
 */
export async function ensureFerrovec(log) {
  const rust = probeRust();
  const stamp = join(output, 'stamp.json');
  const wanted = JSON.stringify({ version, rustc: rust.rustc, manifest: manifest('') });
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined;
  if (rust.missing.length > 0) return `ferrovec is not built: ${describeRust(rust)}`;

  log(`Building ferrovec ${version} from crates.io`);
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'Cargo.toml'), manifest(String(rust.wasmBindgen)));
  writeFileSync(join(folder, 'src', 'lib.rs'), 'pub use ferrovec::FerrovecCore;\n');
  let text = '';
  const target = ['--target', 'web', '--out-dir', output, '--out-name', 'ferrovec', '--no-pack'];
  const code = await run(
    'wasm-pack',
    ['--log-level', 'warn', 'build', folder, '--mode', 'force', ...target],
    {
      env: wasmBuildEnv(rust, ['-C', 'target-feature=+simd128']),
      onOutput: (part) => void (text += part),
    },
  );
  if (code !== 0) {
    rmSync(output, { recursive: true, force: true });
    return `ferrovec does not build here: ${text.trim().split('\n').slice(-3).join(' ')}`;
  }
  writeFileSync(stamp, wanted);
  return undefined;
}
