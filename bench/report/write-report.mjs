/** Writes results.json, README.md and one plot a set. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { peers } from '../peers.mjs';
import { wantedRecall } from '../protocol/tune.mjs';
import { isNumber, table, times, whole } from './numbers.mjs';
import { plotSvg } from './plot.mjs';
import { ratiosOf } from './ratios.mjs';
import { nameOf, setSection } from './set-section.mjs';

/** @param {any} report @param {string} folder */
export async function writeReport(report, folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith('.svg')) rmSync(join(folder, name));
  /** @param {string} name @param {string} text @param {string} parser */
  const write = async (name, text, parser) => {
    const options = { parser, printWidth: 100, singleQuote: true };
    writeFileSync(join(folder, name), await prettier.format(text, options));
  };
  await write('results.json', JSON.stringify(report, undefined, 2), 'json');
  await write('README.md', markdown(report), 'markdown');
  for (const { set, results } of report.sets) {
    const lines = results
      .filter((/** @type {any} */ { curve }) => Array.isArray(curve))
      .map((/** @type {any} */ result) => ({
        name: nameOf(result),
        style: styleOf(result),
        points: result.curve.map((/** @type {any} */ run) => ({ recall: run.recall, ms: run.p50 })),
      }));
    if (lines.length === 0) continue;
    const title = `${set.name}: ${whole(set.count)} × ${set.dimensions}`;
    writeFileSync(join(folder, `${set.name}.svg`), plotSvg({ title, lines, wantedRecall }));
  }
}

/** The second way of searching one index comes after all libraries. @param {any} result */
function styleOf({ peer, mode }) {
  const second = mode === 'bq + rescore';
  return second ? peers.length : peers.findIndex(({ name }) => name === peer);
}

/** @param {any} report */
function markdown(report) {
  const { machine, page } = report;
  const changed = report.changed ? ', with changes that are not committed' : '';
  const sections = report.sets.map((/** @type {any} */ one) =>
    setSection(one, ratiosOf(one.results).own),
  );
  return [
    '# Benchmarks',
    `Written by \`${report.command}\`; do not edit. How to run it and how it is built: ` +
      '[bench/README.md](../../bench/README.md). Every figure, with all passes and all settings ' +
      'tried: [results.json](results.json).',
    report.partial
      ? `**A run of a part${report.quick ? ', with few vectors' : ''}: whether it works, not how fast it is.**`
      : '',
    table(
      ['', ''],
      [
        [
          'Machine',
          `${machine.cpu}, ${machine.cores} cores${machine.virtual ? ', virtual' : ''}, ${machine.memoryGiB} GiB, ${machine.system}`,
        ],
        [
          'Date',
          `${report.startedAt.slice(0, 16).replace('T', ' ')} UTC, ${Math.round(report.minutes)} minutes`,
        ],
        ...(report.note ? [['Note', report.note]] : []),
        ['Commit', `\`${report.commit.slice(0, 12)}\`${changed}; engine \`${report.engine}\``],
        [
          'Browser',
          `Chromium ${report.chromium}, headless; Node ${machine.node} for native libraries`,
        ],
        [
          'Page',
          `cross-origin isolated: ${page.isolated ? 'yes' : 'no'}; its timer counts in steps of ${(page.timerStepMs * 1_000).toFixed(1)} µs`,
        ],
        ['Noise', noise(report)],
      ],
    ),
    '## Summary',
    summary(report),
    '## How it was measured',
    method,
    ...sections,
    '## Shipped size',
    sizes(report),
    '## The libraries',
    libraries(report),
    '## To repeat it',
    'On a quiet machine with Node 20.19 or newer, and Rust for ferrovec:\n\n' +
      '```sh\nnpm run bench\n```',
  ]
    .filter(Boolean)
    .join('\n\n');
}

const method = `- Every library runs alone in a dedicated worker of one cross-origin isolated page (native: in a Node
  process), on the same bytes, built from an empty start. Vectors have unit length.
- **Settings.** Each library is built with every point of a small grid of \`m\` and \`efConstruction\`, and
  each build is swept over one list of \`efSearch\` (or what takes its place) on the first half of the
  queries. Of each build the first setting with recall@10 ≥ ${wantedRecall} counts; the build that is fastest with its
  own is measured on the other half; those that are close, by 1.5×, are timed again, in turns, before one is chosen. Where the setting misses ${wantedRecall} there, the next of the sweep is taken, for every library alike.
- **Latency.** One query at a time, k = 10, after 50 queries to warm up. Five passes over the queries, each at least
  100 ms long (fast libraries answer all queries several times in it, up to 20), the libraries in turns: pass 1 of each, then pass 2 of each. p50, p95, p99 and mean are each the lowest of the
  five passes; the p50 of all passes is given besides. A library that needs more than a minute for five passes makes
  fewer. The clock runs around the library's call only: queries are brought into the form that it wants, and ids
  read out of its results, outside. Percentiles are interpolated within the steps of the timer.
- **Recall@10** against the exact answer by a float scan; a vector as near as the tenth, within 10⁻⁶,
  counts as right.
- **Build** from vectors in JavaScript to an index that is complete. What searches were measured on is built
  again, the libraries in turns: the lowest of three counts, and all are given. A library that needs more than four minutes
  for three makes fewer. The other settings are built once: their times are the least certain here.
- **Bytes a vector**: the WASM memory after the build over the number of vectors, in a worker that did nothing
  else. It never shrinks, so it includes what the build needed. Vectors that stay in JavaScript are not in it.
- **Save and open**: lowest of three. Opening is timed in a new worker whose library is loaded, from the call
  to the first answer; recall after it is of 100 queries with the settings that the library opens with.
- **Curves** are two passes a point and one library after the other: for their shape.`;

/** @param {any} report */
function noise(report) {
  /** @type {number[]} */
  const all = report.sets.flatMap((/** @type {any} */ { results }) =>
    results
      .filter((/** @type {any} */ one) => one.builds && one.peer !== 'hnswlib-node')
      .flatMap((/** @type {any} */ { builds }) =>
        builds.map((/** @type {any} */ b) => b.calibrationMs),
      )
      .filter(isNumber),
  );
  if (all.length === 0) return '–';
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return (
    `the same loop over 6 MB, timed in each worker before its build, took ${least.toFixed(2)} to ` +
    `${most.toFixed(2)} ms, so the machine's own speed varied by ${times(most / least)} over the run`
  );
}

/** @param {any} report */
function summary(report) {
  /** @param {any} one */
  const setName = ({ set }) => `${set.name}, ${whole(set.count)} × ${set.dimensions}`;
  const searches = report.sets.map((/** @type {any} */ one) => {
    const { own, browser, native, search } = ratiosOf(one.results);
    return [
      setName(one),
      own?.search
        ? `${(own.search.p50 * 1_000).toFixed(1)} µs at ${own.search.recall.toFixed(3)}`
        : '–',
      times(search.tail),
      browser ? `${times(search.browser)} (${nameOf(browser)})` : '–',
      native ? times(search.native) : '–',
      own?.build ? whole(own.build.memoryBytes / one.set.count) : '–',
    ];
  });
  const builds = report.sets.map((/** @type {any} */ one) => {
    const { searched, fastest } = ratiosOf(one.results);
    return [
      setName(one),
      ...[searched, fastest].flatMap(({ browser, native, browserPeer }) => [
        browserPeer ? `${times(browser)} (${nameOf({ ...browserPeer, mode: undefined })})` : '–',
        times(native),
      ]),
      times(searched.together),
    ];
  });
  return (
    `At recall@10 ≥ ${wantedRecall}, each library at its own fastest settings.\n\n` +
    table(
      [
        'set',
        'Akin, p50',
        'its p99 / p50',
        'faster than the fastest in a browser',
        'than native',
        'bytes a vector',
      ],
      searches,
    ) +
    "\n\nBuilding, twice: the builds behind these searches, and each library's fastest build with which " +
    `some setting reaches ${wantedRecall}, however slow its searches are then.\n\n` +
    table(
      [
        'set',
        'builds of these searches: faster than the fastest in a browser',
        'than native',
        'fastest builds: than the fastest in a browser',
        'than native',
        'the first on two workers: than the fastest in a browser',
      ],
      builds,
    )
  );
}

/** @param {any} report */
function sizes(report) {
  const rows = Object.entries(report.sizes).map(([name, { files, gzip }]) => [
    nameOf({ peer: name }),
    whole(gzip),
    files
      .map(
        (/** @type {any} */ { path, gzip: bytes }) => `${path.split('/').at(-1)} ${whole(bytes)}`,
      )
      .join(', '),
  ]);
  return (
    'Bytes after `gzip -9` of the files that the worker asked for, as published and not minified ' +
    `further.\n\n${table(['library', 'gzip bytes', 'files'], rows)}`
  );
}

/** @param {any} report */
function libraries(report) {
  /** @type {Map<string, string>} */
  const versions = new Map();
  for (const { results } of report.sets) {
    for (const { peer, version } of results) if (version) versions.set(peer, version);
  }
  const absent = report.absent.map(
    (/** @type {any} */ { name, reason }) => `- ${nameOf({ peer: name })} was not run. ${reason}`,
  );
  const present = peers
    .filter(({ name }) => versions.has(name))
    .map(({ name, title, note }) => `- **${title}** ${versions.get(name)}. ${note ?? ''}`.trim());
  return [...present, ...absent].join('\n');
}
