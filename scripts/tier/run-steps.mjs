/** Runs the steps of a tier, two at a time where they allow it, and prints what came of each. */
import { none, sum } from './counts.mjs';
import { Skip, StepWork } from './step.mjs';

/**
 * @typedef {import('./step.mjs').Step} Step
 * @typedef {import('./step.mjs').StepResult} StepResult
 * @typedef {import('./counts.mjs').Counts} Counts
 */

const width = 2;

/**
 * The steps that were asked for and all that they need.
 * @param {Step[]} steps
 * @param {string[] | undefined} only
 */
export function select(steps, only) {
  if (!only) return steps;
  const byName = new Map(steps.map((step) => [step.name, step]));
  /** @param {string} name a step's, or what several have before a colon */
  const named = (name) =>
    byName.has(name)
      ? [name]
      : [...byName.keys()].filter((candidate) => candidate.startsWith(`${name}: `));
  const unknown = only.filter((name) => named(name).length === 0);
  if (unknown.length > 0) {
    const names = [...byName.keys()].join(', ');
    throw new Error(`There is no step ${unknown.join(', ')}. The steps are ${names}.`);
  }
  /** @type {Set<string>} */
  const wanted = new Set();
  /** @param {string} name */
  const want = (name) => {
    wanted.add(name);
    const step = byName.get(name);
    [...(step?.needs ?? []), ...(step?.after ?? [])].forEach(want);
  };
  only.flatMap(named).forEach(want);
  return steps.filter((step) => wanted.has(step.name));
}

/**
 * Runs every step once; one that fails stops only those that need it.
 * @param {Step[]} steps in an order in which none needs a later one
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<Counts>}
 */
export async function runSteps(steps, env) {
  const startedAt = performance.now();
  /** @type {Map<string, StepResult>} */
  const results = new Map();
  /** @type {Map<Step, Promise<void>>} */
  const running = new Map();
  const waiting = [...steps];

  while (waiting.length > 0 || running.size > 0) {
    for (const step of [...waiting]) {
      const needs = step.needs?.map((name) => results.get(name)) ?? [];
      const ready = needs.every(Boolean) && (step.after ?? []).every((name) => results.has(name));
      const broken = needs.find((result) => result && result.state !== 'passed');
      if (broken) {
        waiting.splice(waiting.indexOf(step), 1);
        report(results, notRun(step, broken));
      } else if (ready) {
        // Steps start in their order, so that one that must be alone is not overtaken for ever.
        if (running.size >= width || (running.size > 0 && step.alone)) break;
        if ([...running.keys()].some((other) => other.alone)) break;
        waiting.splice(waiting.indexOf(step), 1);
        const end = runStep(step, env).then((result) => {
          running.delete(step);
          report(results, result);
        });
        running.set(step, end);
      }
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.length > 0) throw new Error(`${waiting[0].name} needs a later step.`);
  }
  const minutes = (performance.now() - startedAt) / 60_000;
  process.stdout.write(`\n${table([...results.values()])}\n${minutes.toFixed(1)} minutes\n`);
  return [...results.values()].map((result) => result.counts).reduce(sum, none);
}

/**
 * @param {Step} step
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<StepResult & { output: string }>}
 */
async function runStep(step, env) {
  process.stdout.write(`… ${step.name}\n`);
  const work = new StepWork(env);
  const startedAt = performance.now();
  /** @type {StepResult['state']} */
  let state = 'passed';
  try {
    await step.run(work);
    if (work.counts?.failed) state = 'failed';
  } catch (error) {
    state = error instanceof Skip ? 'skipped' : 'failed';
    const message = error instanceof Error ? error.message : String(error);
    if (state === 'skipped') work.note = message;
    else work.log(`${message}\n`);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const own = { ...none, passed: state === 'passed' ? 1 : 0, failed: state === 'failed' ? 1 : 0 };
  const counts = work.counts ?? own;
  // Tests were counted, and then the step broke.
  if (state === 'failed' && counts.failed === 0) counts.failed = 1;
  const output = step.verbose || state === 'failed' ? work.output : '';
  return { name: step.name, state, counts, seconds, note: work.note, output };
}

/**
 * What nobody could check is not green; what was left out for a reason stays left out.
 * @param {Step} step
 * @param {StepResult} broken
 * @returns {StepResult & { output: string }}
 */
function notRun(step, broken) {
  const skipped = broken.state === 'skipped';
  return {
    name: step.name,
    state: skipped ? 'skipped' : 'not run',
    counts: skipped ? none : { ...none, failed: 1 },
    seconds: 0,
    note: `needs ${broken.name}`,
    output: '',
  };
}

/**
 * @param {Map<string, StepResult>} results
 * @param {StepResult & { output: string }} result
 */
function report(results, { output, ...result }) {
  results.set(result.name, result);
  const sign = { passed: '✓', failed: '✗', skipped: '–', 'not run': '✗' }[result.state];
  const text = output.trim();
  const note = result.note ? `: ${result.note}` : '';
  process.stdout.write(
    `${text ? `\n──── ${result.name}\n${text}\n` : ''}` +
      `${sign} ${result.name} (${result.seconds.toFixed(1)} s)${note}\n`,
  );
}

/** @param {StepResult[]} results */
function table(results) {
  const head = ['step', 'result', 'passed', 'failed', 'skipped', 'seconds'];
  const rows = results.map(({ name, state, counts, seconds }) => [
    name,
    state,
    ...[counts.passed, counts.failed, counts.skipped].map(String),
    seconds.toFixed(1),
  ]);
  const widths = head.map((cell, i) =>
    Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  return [head, ...rows]
    .map((row) =>
      row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
    )
    .join('\n');
}

/**
 * Ends a command with the line that people and machines look for.
 * @param {Counts} counts
 */
export function finish({ passed, failed }) {
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}
