/** One step of a tier: what it may do, and how it ends. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root, run } from '../process.mjs';
import { pnpm } from '../toolchain/pnpm.mjs';
import { none, sum, tapCounts, vitestCounts } from './counts.mjs';

/** @typedef {import('./counts.mjs').Counts} Counts */

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} [needs] steps that must have passed before
 * @property {string[]} [after] steps that must have ended before, however they ended
 * @property {boolean} [alone] nothing else runs beside it, because it measures or uses every core
 * @property {boolean} [verbose] its output is shown even when it passes
 * @property {(work: StepWork) => Promise<void>} run fails by throwing
 */

/** @typedef {'passed' | 'failed' | 'skipped' | 'not run'} StepState */

/**
 * @typedef {object} StepResult
 * @property {string} name
 * @property {StepState} state
 * @property {Counts} counts
 * @property {number} seconds
 * @property {string} [note]
 */

const limitMs = 20 * 60_000;

/** How long one file of end-to-end tests may take, on a slow machine too. */
const fileLimitMs = 12 * 60_000;

/** Output is gathered, so tools cannot see for themselves where it ends up. */
const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };

/** Ends a step that need not run, with the reason. */
export class Skip extends Error {}

/** What a step works with: commands whose output and counts it gathers. */
export class StepWork {
  output = '';
  note = '';
  /** @type {Counts | undefined} undefined in a step without tests, which counts as one itself */
  counts;

  /** @param {Record<string, string | undefined>} env shared by all steps, set by some of them */
  constructor(env) {
    this.env = env;
  }

  /** @type {(text: string) => void} */
  log = (text) => {
    this.output += text;
  };

  /** @param {Counts | undefined} counts */
  add(counts) {
    this.counts = sum(this.counts ?? none, counts ?? { ...none, failed: 1 });
  }

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {import('../process.mjs').RunOptions} [options]
   */
  async exec(command, args, options = {}) {
    const code = await run(command, args, this.#with(options));
    if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with code ${code}`);
  }

  /**
   * @param {string[]} args
   * @param {import('../process.mjs').RunOptions} [options]
   */
  async pnpm(args, options = {}) {
    const code = await pnpm(args, this.#with(options));
    if (code !== 0) throw new Error(`pnpm ${args.join(' ')} ended with code ${code}`);
  }

  /**
   * Runs projects of vitest.config.ts, as listed.
   * @param {string[]} args
   * @param {{ env?: Record<string, string> }} [options]
   */
  async vitest(args, { env = {} } = {}) {
    await this.#counted('vitest.json', vitestCounts, (report) =>
      pnpm(
        [
          'exec',
          'vitest',
          'run',
          ...args,
          '--reporter=default',
          '--reporter=json',
          `--outputFile.json=${report}`,
        ],
        this.#with({ env }),
      ),
    );
  }

  /**
   * Runs files of node:test, one after the other, each in a process of its own: one that dies half
   * way leaves no counts, which is noticed. (`node --test` would not miss the tests it never saw.)
   * @param {string[]} files
   * @param {import('../process.mjs').RunOptions} [options]
   */
  async nodeTest(files, options = {}) {
    if (files.length === 0) throw new Error('There are no such tests.');
    for (const file of files) {
      this.log(`\n${file}\n`);
      const reporters = (/** @type {string} */ report) => [
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        '--test-reporter=tap',
        `--test-reporter-destination=${report}`,
      ];
      await this.#counted('node.tap', tapCounts, (report) =>
        run(process.execPath, [...reporters(report), file], this.#with(options, fileLimitMs)),
      );
    }
  }

  /**
   * A runner that ends badly without a failed test to show for it still counts as a failure.
   * @param {string} name
   * @param {(path: string) => Counts | undefined} parse
   * @param {(path: string) => Promise<number>} start
   */
  async #counted(name, parse, start) {
    const folder = mkdtempSync(join(tmpdir(), 'akin-'));
    try {
      const code = await start(join(folder, name));
      const counts = parse(join(folder, name));
      const silent = code !== 0 && counts?.failed === 0;
      this.add(silent ? { ...counts, failed: 1 } : counts);
      if (!counts) this.log(`The test runner ended with code ${code} before it counted.\n`);
      if (silent) this.log(`No test failed, but the test runner ended with code ${code}.\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /**
   * @param {import('../process.mjs').RunOptions} options
   * @param {number} [timeoutMs]
   */
  #with(options, timeoutMs = limitMs) {
    return {
      onOutput: this.log,
      timeoutMs,
      ...options,
      env: { ...colours, ...this.env, ...options.env },
    };
  }
}

/**
 * The files of a folder whose names end so, relative to the repository.
 * @param {string} folder
 * @param {string} ending
 * @returns {string[]}
 */
export function filesIn(folder, ending) {
  const path = join(root, folder);
  try {
    const names = readdirSync(path).filter((name) => name.endsWith(ending));
    return names.sort().map((name) => relative(root, join(path, name)));
  } catch {
    return []; // The folder does not exist.
  }
}
