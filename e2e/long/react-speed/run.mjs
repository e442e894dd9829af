/**
 * How fast a search box over 100,000 documents is, and whether it ever holds up its page. By hand, on a quiet
 * machine: `npm run bench:react`, which writes docs/benchmarks/react.md. `-- --documents 5000` tries it out and
 * writes nothing.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { build } from 'vite';
import { answer } from '../../../scripts/process.mjs';
import { launch, serve } from '../../driver/index.mjs';

/* global window, navigator, crossOriginIsolated */

/** @typedef {import('./page/main.tsx').SpeedPage} SpeedPage */

const flag = process.argv.indexOf('--documents');
const documents = flag > 0 ? Number(process.argv[flag + 1]) : 100_000;
const isTrial = flag > 0;
const keys = 200;
/** Between two keys: a fast typist. */
const pauseMs = 120;
const inserted = 10_000;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'akin-react-speed-'));
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {number[]} values @param {number} part */
const percentile = (values, part) =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? NaN;

await build({
  configFile: false,
  root: fileURLToPath(new URL('page/', import.meta.url)),
  base: './',
  logLevel: 'error',
  build: { outDir: join(folder, 'site'), emptyOutDir: true },
});
// Isolated for its clock: Akin itself needs none of it.
const server = await serve(join(folder, 'site'), { isolated: true });
const browser = await launch({ engine: 'chromium', profile: join(folder, 'profile') });
try {
  const tab = browser.page;
  /** @type {<K extends keyof SpeedPage>(name: K, ...given: Parameters<SpeedPage[K]>) => Promise<any>} */
  const ask = (name, ...given) =>
    tab.evaluate(({ name: of, given: values }) => /** @type {any} */ (window).page[of](...values), {
      name,
      given,
    });
  await tab.goto(server.url);
  if (!(await tab.evaluate(() => crossOriginIsolated)))
    throw new Error('The page is not isolated.');
  const clockMs = await ask('clockMs');

  console.log(`Filling an index with ${documents} documents`);
  await ask('fill', documents);
  await tab.waitFor(
    () => /** @type {any} */ (window).page.status().unindexedCount === 0,
    undefined,
    { timeoutMs: 600_000 },
  );

  const letters = 'thequickbrownfoxjumpsoverthelazydog';
  /** @param {() => Promise<boolean>} isEnough */
  const type = async (isEnough) => {
    await tab.fill('#query', '');
    for (let at = 0; !(await isEnough()); at++) {
      await tab.press('#query', letters[at % letters.length] ?? 'x');
      await pause(pauseMs);
    }
    await pause(500);
    return ask('take');
  };
  /** @param {number} count */
  const after = (count) => {
    let left = count;
    return () => Promise.resolve(left-- <= 0);
  };

  console.log('Typing');
  await type(after(20));
  const alone = await type(after(keys));

  console.log(`Typing while ${inserted} more are inserted`);
  await ask('prepare', documents, inserted);
  await pause(1_000);
  await ask('take');
  await ask('insertPrepared');
  const beside = await type(async () => !(await ask('isInserting')));

  /** @param {{ renderedMs: number[], paintedMs: number[], unanswered: number }} figures */
  const times = ({ renderedMs, paintedMs, unanswered }) => ({
    keys: renderedMs.length + unanswered,
    unanswered,
    renderedP50: percentile(renderedMs, 0.5),
    renderedP95: percentile(renderedMs, 0.95),
    paintedP50: percentile(paintedMs, 0.5),
    paintedP95: percentile(paintedMs, 0.95),
  });
  /** @param {{ longFrames: { durationMs: number, ownScriptMs: number }[] }} figures */
  const frames = ({ longFrames }) => ({
    all: longFrames.length,
    own: longFrames.filter(({ ownScriptMs }) => ownScriptMs > 50).length,
  });
  const rows = [
    { name: 'typing', ...times(alone), ...frames(alone) },
    {
      name: `typing while ${inserted.toLocaleString('en')} are inserted`,
      ...times(beside),
      ...frames(beside),
    },
  ];
  console.table(rows);

  if (!isTrial) {
    const version = await tab.evaluate(() => /Chrome\/(\S+)/.exec(navigator.userAgent)?.[1] ?? '');
    const path = join(root, 'docs', 'benchmarks', 'react.md');
    const style = (await resolveConfig(path)) ?? {};
    const text = await format(report({ rows, clockMs, version }), { ...style, filepath: path });
    writeFileSync(path, text);
    console.log('docs/benchmarks/react.md is written.');
  }
} finally {
  await browser.close().catch(() => undefined);
  await server.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * @param {{ rows: { name: string, keys: number, unanswered: number, renderedP50: number,
 *   renderedP95: number, paintedP50: number, paintedP95: number, all: number, own: number }[],
 *   clockMs: number, version: string }} measured
 */
function report({ rows, clockMs, version }) {
  const ms = (/** @type {number} */ value) => value.toFixed(1);
  const [cpu] = cpus();
  const commit = answer('git', ['rev-parse', '--short', 'HEAD']) ?? 'unknown';
  const header = [
    'while',
    'keys',
    'unanswered',
    'rendered p50, ms',
    'p95',
    'painted p50, ms',
    'p95',
    'long frames',
    'with over 50 ms of own script',
  ];
  const table = [
    header,
    header.map(() => '---'),
    ...rows.map((row) => [
      row.name,
      row.keys,
      row.unanswered,
      ms(row.renderedP50),
      ms(row.renderedP95),
      ms(row.paintedP50),
      ms(row.paintedP95),
      row.all,
      row.own,
    ]),
  ];
  return `# A search box over ${documents.toLocaleString('en')} documents

<!-- Written by \`npm run bench:react\`. -->

From the key press to the results in the document (rendered) and on the screen (painted), with vectors of 384
dimensions that are there at once, so without a model, and without a pause before the index is asked. Keys come
every ${pauseMs} ms. A long frame is what the browser reports as a long animation frame, over 50 ms.

${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

Aims: rendered p95 under 50 ms, and no frame with over 50 ms of own script.

${new Date().toISOString().slice(0, 10)}, commit ${commit}, Chromium ${version}, ${cpu?.model ?? 'unknown processor'}
with ${cpus().length} cores, clock steps of ${(clockMs * 1000).toFixed(0)} µs.
`;
}
