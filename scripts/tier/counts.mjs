/** Reads how many tests passed and failed from what a test runner wrote. */
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @type {Readonly<Counts>} */
export const none = { passed: 0, failed: 0, skipped: 0 };

/**
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
export function sum(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

/** @param {string} path */
const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/**
 * Vitest's JSON reporter.
 * @param {string} path
 * @returns {Counts | undefined} undefined when the runner died before it wrote them
 */
export function vitestCounts(path) {
  const text = read(path);
  if (!text) return undefined;
  const report = JSON.parse(text);
  // A file that cannot be loaded holds no tests that could fail.
  const unloaded = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * The summary at the end of node:test's TAP.
 * @param {string} path
 * @returns {Counts | undefined}
 */
export function tapCounts(path) {
  const text = read(path);
  /** @param {string} name */
  const number = (name) => Number(text.match(new RegExp(`^# ${name} (\\d+)$`, 'm'))?.[1] ?? NaN);
  const counts = {
    passed: number('pass'),
    failed: number('fail') + number('cancelled'),
    skipped: number('skipped') + number('todo'),
  };
  return Object.values(counts).some(Number.isNaN) ? undefined : counts;
}

/**
 * The `test result:` lines of cargo, one a test binary.
 * @param {string} output
 * @returns {Counts | undefined}
 */
export function cargoCounts(output) {
  const lines = [
    ...output.matchAll(/^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gm),
  ];
  if (lines.length === 0) return undefined;
  return lines
    .map(([, passed, failed, skipped]) => ({
      passed: Number(passed),
      failed: Number(failed),
      skipped: Number(skipped),
    }))
    .reduce(sum, none);
}
