/** The tables of one set. */
import { told } from '../protocol/words.mjs';
import { best, wantedRecall } from '../protocol/tune.mjs';
import { isNumber, micros, millis, recall, table, times, whole } from './numbers.mjs';
import { fastestBuild, peerOf } from './ratios.mjs';

/** @param {any} result */
export function nameOf(result) {
  const title = peerOf(result.peer)?.title ?? result.peer;
  const several = ['edgevec'].includes(result.peer);
  return several && result.mode ? `${title}, ${result.mode}` : title;
}

/** @param {any} set @param {any[]} results @param {any} own */
export function setSection({ set, results }, own) {
  const measured = results.filter(({ search }) => search);
  const parts = [
    `## ${set.name}: ${set.title}`,
    `${whole(set.count)} vectors of ${set.dimensions} dimensions, ${whole(set.queries)} queries: ` +
      `${Math.floor(set.queries / 2)} to choose settings by, ${Math.ceil(set.queries / 2)} to ` +
      `measure on. ${set.origin}. SHA-256 of both: \`${set.sha256.slice(0, 16)}\`.`,
    `![Recall against latency on ${set.name}](${set.name}.svg)`,
    '### Search',
    searchTable(measured, own),
    '### Build and memory',
    buildTable(measured, set),
    memoryLine(own, set),
    '### Builds tried',
    triedTable(measured),
  ];
  const saves = saveTable(measured);
  if (saves) parts.push('### Save and open', saves);
  if (Array.isArray(own?.filters)) {
    parts.push('### Filters', filterKinds, ...own.filters.map(filterTable));
  }
  if (own?.filters?.error) parts.push('### Filters', `Failed: ${own.filters.error}`);
  const absent = results.filter(({ error, skipped }) => error ?? skipped);
  if (absent.length > 0) {
    const lines = absent.map((one) =>
      one.error ? `- ${nameOf(one)} **failed**: ${one.error}` : `- Not run: ${one.skipped}.`,
    );
    parts.push(lines.join('\n'));
  }
  return parts.filter(Boolean).join('\n\n');
}

/** @param {any[]} measured @param {any} own */
function searchTable(measured, own) {
  const reachedOwn = own?.search?.reached ? own.search.p50 : undefined;
  const rows = measured.map((result) => {
    const { search, build, params, passP50s } = result;
    return [
      nameOf(result),
      search.reached ? recall(search.recall) : `**${recall(search.recall)}**`,
      micros(search.p50),
      micros(search.p95),
      micros(search.p99),
      micros(search.mean),
      `${micros(Math.min(...passP50s))}–${micros(Math.max(...passP50s))}`,
      reachedOwn && result !== own && search.reached ? times(search.p50 / reachedOwn) : '–',
      `${told(build.params)}; ${told(params)}`,
      result.measuredAt.slice(11, 16),
    ];
  });
  const head = [
    'library',
    'recall@10',
    'p50 µs',
    'p95 µs',
    'p99 µs',
    'mean µs',
    'p50 of all passes',
    'Akin is faster by',
    'settings: build; search',
    'at, UTC',
  ];
  const missed = measured.some(({ search }) => !search.reached)
    ? `\n\nIn bold: no setting tried reaches ${wantedRecall}; shown is the one that comes closest.`
    : '';
  const evaluations = isNumber(own?.search?.evaluations)
    ? `\n\nAkin computes ${whole(own.search.evaluations)} distances a query here.`
    : '';
  return table(head, rows) + missed + evaluations;
}

/** @param {any[]} measured @param {any} set */
function buildTable(measured, set) {
  /** @type {Set<string>} */
  const seen = new Set();
  const rows = measured.map((result) => {
    const quick = fastestBuild(result);
    /** @param {any} build */
    const rate = (build) => `${whole((set.count / build.ms) * 1_000)}/s`;
    /** @param {any} build */
    const took = (build) => `${(build.ms / 1_000).toFixed(1)} s, ${rate(build)}`;
    seen.add(result.peer);
    return [
      nameOf(result),
      took(result.build),
      result.build.runs?.map((/** @type {number} */ ms) => (ms / 1_000).toFixed(1)).join(', ') ??
        '–',
      told(result.build.params),
      quick ? took(quick) : '–',
      quick ? told(quick.params) : '–',
      whole(result.build.memoryBytes / set.count),
    ];
  });
  return table(
    [
      'library',
      'build of the fastest search',
      'all of them, s',
      'its settings',
      `fastest build reaching ${wantedRecall}`,
      'its settings',
      'bytes a vector',
    ],
    rows,
  );
}

/**
 * Every build of every graph, with the first setting that reaches the recall.
 * @param {any[]} measured
 */
function triedTable(measured) {
  const rows = measured
    .filter(({ peer }) => peerOf(peer)?.graph)
    .flatMap((result) =>
      result.builds.map((/** @type {any} */ { params, ms, error, points }) => {
        const point = error ? undefined : best(points ?? []);
        const isReached = point && point.recall >= wantedRecall;
        return [
          nameOf(result),
          told(params),
          error ? `fails: ${error}` : (ms / 1_000).toFixed(1),
          isReached ? micros(point.p50) : '–',
          isReached ? told(point.params) : '–',
        ];
      }),
    );
  const head = ['library', 'settings', 'build s', `p50 µs at ${wantedRecall}`, 'with'];
  return `On the queries that settings were chosen by, two passes.\n\n${table(head, rows)}`;
}

/** @param {any} own @param {any} set */
function memoryLine(own, set) {
  if (!own?.build) return '';
  const lines = [];
  const without = own.memoryWithoutHint;
  if (isNumber(without)) {
    lines.push(
      `Akin takes ${whole(own.build.memoryBytes / set.count)} bytes of WASM memory a vector with a ` +
        `\`capacity\` hint and ${whole(without / set.count)} without.`,
    );
  } else if (without?.error)
    lines.push(`Without a \`capacity\` hint Akin failed: ${without.error}`);
  const usual = own.builds[0]?.points?.[0];
  if (usual && Object.keys(own.builds[0].params).length === 0) {
    lines.push(
      `With nothing set (its defaults) it finds ${recall(usual.recall)} in ${micros(usual.p50)} µs ` +
        '(on the queries that settings were chosen by).',
    );
  }
  const two = own.twoWorkers;
  if (two?.ms) {
    lines.push(
      `On two workers it builds in ${(two.ms / 1_000).toFixed(1)} s, ` +
        `${whole((set.count / two.ms) * 1_000)}/s, and finds ${recall(two.recall)}.`,
    );
  } else if (two?.error) lines.push(`Its build on two workers failed: ${two.error}`);
  return lines.join(' ');
}

/** @param {any[]} measured */
function saveTable(measured) {
  const rows = measured.flatMap((result) =>
    (result.saves ?? []).map((/** @type {any} */ save) => [
      nameOf({ ...result, mode: undefined }),
      save.meaning,
      save.saveError ? `fails: ${save.saveError}` : millis(save.saveMs),
      isNumber(save.bytes) ? (save.bytes / 1e6).toFixed(1) : '–',
      save.openError ? `**fails**: ${save.openError}` : millis(save.openMs),
      recall(save.openRecall),
    ]),
  );
  if (rows.length === 0) return '';
  return table(
    ['library', 'way', 'save ms', 'MB', 'open to first answer ms', 'recall@10 after'],
    rows,
  );
}

const filterKinds =
  '`random` keeps rows drawn at random; `other` keeps whole clusters to which the query does not ' +
  'belong; `far` keeps the rows farthest from the query. Under `far` the answers lie at the edge of ' +
  'what is kept, where many rows are all but equally far: there the 8-bit codes themselves rank ' +
  'otherwise than the floats that recall is measured by. So the recall of a scan of all codes ' +
  'stands beside that of the search: no search of them finds more.';

/** @param {any} run */
function filterTable({ params, cases }) {
  const rows = cases.map((/** @type {any} */ one) => [
    one.kind,
    `${one.share * 100} %`,
    whole(one.matches),
    recall(one.recall),
    recall(one.scanRecall),
    one.wrongCount === 0 ? 'always' : `**not for ${one.wrongCount} of ${one.queries}**`,
    micros(one.p50),
    micros(one.p95),
    times(one.p50 / one.unfilteredP50),
    whole(one.evaluations),
  ]);
  return (
    `Akin with ${told(params)}, ${cases[0]?.queries} queries:\n\n` +
    table(
      [
        'kind',
        'matches',
        'rows',
        'recall@10',
        'of a scan of its codes',
        'min(k, rows) results',
        'p50 µs',
        'p95 µs',
        'of unfiltered',
        'distances',
      ],
      rows,
    )
  );
}
