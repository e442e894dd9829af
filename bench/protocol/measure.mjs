/** Measures what has been tuned, on the queries that nothing was chosen by. */
import { lowestOf } from '../harness/statistics.mjs';
import { buildAgain, buildsOf } from './build-again.mjs';
import { limited } from './limited.mjs';
import { wantedRecall } from './tune.mjs';
import { inItsWords, told } from './words.mjs';

const passes = 5;

/** A library that takes longer for all passes together gets fewer of them, at least one. */
const budgetMs = 60_000;

const curvePasses = 2;

/** Saving and opening are repeated so often, unless they take long. */
const repetitions = 3;
const repetitionBudgetMs = 15_000;

/**
 * @typedef {import('./run-set.mjs').Contender} Contender
 * @typedef {import('./run-set.mjs').Runner} Runner
 */

/**
 * @param {any} set
 * @param {Contender[]} contenders
 * @param {Runner} runner
 */
export async function measure(set, contenders, runner) {
  const { log } = runner;
  const entries = [];
  for (const contender of contenders) {
    for (const [mode, { session, build, point }] of contender.winners) {
      const entry = { contender, mode, session, build, runs: [], error: undefined };
      try {
        entries.push({ ...entry, ...(await limited(confirm(session, build, mode, point))) });
      } catch (error) {
        entries.push({ ...entry, params: point.params, wanted: 0, error: inItsWords(error) });
      }
    }
  }
  log('  measuring in turns');
  for (let pass = 0; pass < passes; pass++) {
    for (const entry of entries) {
      if (pass >= entry.wanted || entry.error) continue;
      try {
        entry.runs.push(
          await limited(entry.session.call('pass', entry.mode, entry.params, 'test')),
        );
      } catch (error) {
        entry.error = inItsWords(error);
      }
    }
  }
  await buildAgain(set, contenders, runner);
  const results = [];
  for (const entry of entries) results.push(await finish(set, entry, runner));
  return results;
}

/**
 * Settings that reach the recall on one half of the queries may miss it on the other: then the next
 * of the sweep is taken. The same for every library.
 * @param {import('./browser.mjs').Session} session
 * @param {import('./tune.mjs').Build} build
 * @param {string} mode
 * @param {import('./tune.mjs').Point} point
 */
async function confirm(session, build, mode, point) {
  const points = build.modes[mode];
  const later = points.slice(points.indexOf(point)).filter(({ recall }) => recall >= point.recall);
  let [params, mean, queries] = [point.params, 0, 0];
  for (const candidate of later.length > 0 ? later : [point]) {
    const result = await session.call('pass', mode, candidate.params, 'test');
    [params, mean, queries] = [candidate.params, result.mean, result.queries];
    if (result.recall >= wantedRecall) break;
  }
  const wanted = Math.max(1, Math.min(passes, Math.floor(budgetMs / (mean * queries))));
  return { params, wanted };
}

/** @param {any} set @param {any} entry @param {Runner} runner */
async function finish(set, entry, { open, log }) {
  const { contender, mode, session, build, params, runs } = entry;
  const { peer, description, builds } = contender;
  const result = {
    peer: peer.name,
    mode,
    version: description.version,
    measuredAt: new Date().toISOString(),
    build: summaryOf(build, mode),
    params,
    files: contender.files,
    builds: builds.map((/** @type {any} */ one) => ({
      ...summaryOf(one, mode),
      points: one.modes[mode],
    })),
  };
  if (entry.error || runs.length === 0) {
    log(`  ${peer.name} ${mode}: FAILS: ${entry.error}`);
    return { ...result, error: entry.error ?? 'no pass was made' };
  }
  const fastest = lowestOf(runs);
  log(
    `  ${peer.name} ${mode}: recall ${fastest.recall.toFixed(4)}, ` +
      `p50 ${fastest.p50.toFixed(3)}, p99 ${fastest.p99.toFixed(3)} ms with ${told(params)}`,
  );
  const first = mode === description.modes[0];
  return {
    ...result,
    search: { ...fastest, reached: fastest.recall >= wantedRecall, passes: runs.length },
    passP50s: runs.map((/** @type {any} */ run) => run.p50),
    curve: await attempt(() => limited(curveOf(session, build, mode, runs[0]))),
    filters:
      first && set.filters && description.filters
        ? await attempt(() => filtered(session, mode, params))
        : undefined,
    saves: first ? await saves(set, contender, session, build, open) : undefined,
    memoryWithoutHint:
      first && description.capacityHint
        ? await attempt(() => limited(withoutHint(set, peer, build, open)))
        : undefined,
    twoWorkers:
      first && description.twoWorkers
        ? await attempt(() => limited(onTwoWorkers(set, contender, entry, open)))
        : undefined,
  };
}

/**
 * Filters with the setting that is fastest without them, and with the library's default.
 * @param {import('./browser.mjs').Session} session
 * @param {string} mode
 * @param {import('./tune.mjs').Params} params
 */
async function filtered(session, mode, params) {
  const settings = Object.keys(params).length > 0 ? [params, {}] : [params];
  const runs = [];
  for (const one of settings) {
    runs.push({ params: one, cases: await limited(session.call('filtered', mode, one)) });
  }
  return runs;
}

/** @param {import('./tune.mjs').Build} build @param {string} mode */
function summaryOf(build, mode) {
  return {
    params: build.params,
    ms: build.ms,
    runs: build.runs,
    memoryBytes: build.modeMemoryBytes[mode] ?? build.memoryBytes,
    calibrationMs: build.calibrationMs,
    error: build.error,
  };
}

/**
 * Recall against latency over the whole sweep, on the same queries as the result.
 * @param {import('./browser.mjs').Session} session
 * @param {import('./tune.mjs').Build} build
 * @param {string} mode
 * @param {any} measured a pass of the result: a scan has no curve beyond it
 */
async function curveOf(session, build, mode, measured) {
  const points = build.modes[mode];
  if (points.length === 1) return [{ params: points[0].params, ...measured }];
  const curve = [];
  for (const { params } of points) {
    let fastest;
    for (let pass = 0; pass < curvePasses; pass++) {
      const run = await session.call('pass', mode, params, 'test');
      if (!fastest || run.p50 < fastest.p50) fastest = run;
    }
    curve.push({ params, ...fastest });
  }
  return curve;
}

/**
 * @param {any} set
 * @param {Contender} contender
 * @param {import('./browser.mjs').Session} session
 * @param {import('./tune.mjs').Build} build
 * @param {Runner['open']} open
 */
async function saves(set, { peer, description }, session, build, open) {
  const results = [];
  for (const [way, meaning] of Object.entries(description.ways)) {
    /** @type {any} */
    const result = { way, meaning };
    results.push(result);
    try {
      const started = performance.now();
      for (let i = 0; i < repetitions; i++) {
        const { ms, bytes } = await limited(session.call('save', way));
        result.saveMs = Math.min(ms, result.saveMs ?? Infinity);
        result.bytes = bytes;
        if (performance.now() - started > repetitionBudgetMs) break;
      }
    } catch (error) {
      result.saveError = inItsWords(error);
      continue;
    }
    try {
      const started = performance.now();
      for (let i = 0; i < repetitions; i++) {
        const fresh = await open(peer);
        try {
          await limited(fresh.call('load'));
          const opened = await limited(
            fresh.callWithPayload('open', session, set, build.params, way),
          );
          result.openMs = Math.min(opened.ms, result.openMs ?? Infinity);
          result.openRecall = opened.recall;
          result.openMemoryBytes = opened.memoryBytes;
        } finally {
          await fresh.stop();
        }
        if (performance.now() - started > repetitionBudgetMs) break;
      }
    } catch (error) {
      result.openError = inItsWords(error);
    }
  }
  return results;
}

/**
 * @param {any} set
 * @param {import('../peers.mjs').Peer} peer
 * @param {import('./tune.mjs').Build} build
 * @param {Runner['open']} open
 */
async function withoutHint(set, peer, build, open) {
  const session = await open(peer);
  try {
    await session.call('load');
    const made = await session.call('build', set, { ...build.params, capacity: false });
    return made.memoryBytes;
  } finally {
    await session.stop();
  }
}

/**
 * @param {any} set
 * @param {Contender} contender
 * @param {any} entry
 * @param {Runner['open']} open
 */
async function onTwoWorkers(set, { peer }, { build, mode, params }, open) {
  let fastest;
  for (let made = 0; made < buildsOf(build.ms); made++) {
    const session = await open(peer);
    try {
      await session.call('load');
      const { ms } = await session.call('build', set, build.params, true);
      if (fastest && fastest.ms < ms) continue;
      fastest = { ms, ...(await session.call('pass', mode, params, 'test')) };
    } finally {
      await session.stop();
    }
  }
  return fastest;
}

/**
 * What fails says so in its place, and the rest goes on.
 * @param {() => Promise<any>} work
 */
async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    return { error: inItsWords(error) };
  }
}
