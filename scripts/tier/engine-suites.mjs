/** The engine's long suites: what `npm test` does a slice of, and what takes minutes as a whole. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { answer, root } from '../process.mjs';
import { searchPath } from '../toolchain/rust.mjs';
import { cargoStep, cargoTest } from './rust-steps.mjs';
import { filesIn } from './step.mjs';

const subjects = ['packages/engine/', 'Cargo.', 'e2e/long/engine/'];
const long = { AKIN_LONG: '1' };
const fuzzFolder = join(root, 'packages', 'engine', 'fuzz');

/** What makes a compiler tell libFuzzer where it went; cargo-fuzz sets the same. */
const coverageFlags = [
  '-Cpasses=sancov-module',
  '-Cllvm-args=-sanitizer-coverage-level=4',
  '-Cllvm-args=-sanitizer-coverage-inline-8bit-counters',
  '-Cllvm-args=-sanitizer-coverage-pc-table',
  '-Cllvm-args=-sanitizer-coverage-trace-compares',
  '--cfg=fuzzing',
];

/**
 * Builds the fuzz target, which takes a C++ compiler for libFuzzer, but no nightly Rust.
 * @param {import('./rust-steps.mjs').Cargo} cargo
 * @returns {Promise<string | undefined>} the program, or nothing where it cannot be built
 */
async function buildFuzzer(cargo) {
  const host = answer('rustc', ['-vV'], { PATH: searchPath() })?.match(/^host: (.*)$/m)?.[1];
  if (!host || answer('c++', ['--version']) === undefined) return undefined;
  const manifest = join(fuzzFolder, 'Cargo.toml');
  const target = join(fuzzFolder, 'target');
  // With the target named, it alone is instrumented and the build scripts are not.
  const args = ['build', '--release', '--locked', '--manifest-path', manifest, '--target', host];
  const flags = coverageFlags.join('\x1f');
  try {
    await cargo(args, { CARGO_ENCODED_RUSTFLAGS: flags, CARGO_TARGET_DIR: target });
  } catch {
    return undefined;
  }
  return join(target, host, 'release', 'open');
}

/** @type {{ step: import('./step.mjs').Step, subjects: string[] }[]} */
export const engineSuites = [
  {
    subjects,
    step: {
      ...cargoStep('engine long', [], (cargo, work) =>
        cargoTest(cargo, work, ['--test=model', '--test=recall_holds', '--test=damage'], long),
      ),
      alone: true,
    },
  },
  {
    subjects,
    step: cargoStep('engine fuzz', [], async (cargo, work) => {
      const program = await buildFuzzer(cargo);
      if (!program) {
        work.note = 'libFuzzer cannot be built here: seeded changes instead';
        return cargoTest(cargo, work, ['--test=hostile'], long);
      }
      const folders = ['corpus', 'artifacts'].map((name) => join(fuzzFolder, name, 'open'));
      for (const folder of folders) mkdirSync(folder, { recursive: true });
      const [corpus = '', artifacts] = folders;
      const seconds = Number(process.env.AKIN_FUZZ_SECONDS ?? 120);
      await work.exec(program, [
        corpus,
        `-artifact_prefix=${artifacts}/`,
        `-max_total_time=${seconds}`,
        '-max_len=65536',
        '-len_control=0',
        '-timeout=30',
      ]);
      const runs = work.output.match(/Done (\d+) runs/)?.[1];
      if (!runs) throw new Error('The fuzzer ended without saying how much it tried.');
      work.note = `${runs} snapshots`;
    }),
  },
  {
    subjects,
    step: {
      name: 'engine load',
      needs: ['build', 'chromium'],
      alone: true,
      verbose: true,
      run: (work) => work.nodeTest(filesIn('e2e/long/engine', '.e2e.mjs')),
    },
  },
];
