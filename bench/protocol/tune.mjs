/**
 * Finds a library's fastest settings: builds with every point of its grid, and sweeps each build's
 * search parameters over the first half of the queries.
 */

/** What has to be reached. */
export const wantedRecall = 0.95;

/** Beyond, a sweep shows nothing new. */
const enoughRecall = 0.995;

const tuningPasses = 2;

/** Builds whose times differ by less are timed again, in turns. */
const closeRatio = 1.5;
const duelPasses = 5;

/** A sweep does not go on for longer, whatever is left of it. */
const sweepBudgetMs = 90_000;

/**
 * @typedef {import('../adapters/adapter.mjs').Params} Params
 * @typedef {{ params: Params, recall: number, p50: number, evaluations?: number }} Point
 *
 * @typedef {object} Build
 * @property {Params} params
 * @property {number} ms the lowest of `runs`, once there are any
 * @property {number[]} [runs] of a build that searches were measured on, in order
 * @property {number} memoryBytes
 * @property {number} calibrationMs
 * @property {Record<string, Point[]>} modes
 * @property {Record<string, number>} modeMemoryBytes with what a mode needs besides
 * @property {string} [error] in the library's words
 */

/**
 * The point to take: the first of a sweep that reaches the recall, since sweeps go from fast to
 * exact (by its measured time alone, a hiccup of the machine would choose a slower one). Points
 * without a setting are taken only where there are no others, and so is the one that comes closest
 * where none reaches the recall.
 * @param {Point[]} points
 * @returns {Point | undefined}
 */
export function best(points) {
  const reached = points.filter(({ recall }) => recall >= wantedRecall);
  const set = reached.find(({ params }) => Object.keys(params).length > 0);
  if (set ?? reached[0]) return set ?? reached[0];
  return points.reduce(
    (/** @type {Point | undefined} */ a, b) => (a === undefined || b.recall > a.recall ? b : a),
    undefined,
  );
}

/** @param {Point | undefined} a @param {Point | undefined} b whether b is the better of the two */
export function isBetter(a, b) {
  if (!a || !b) return b !== undefined;
  const [reachedA, reachedB] = [a.recall >= wantedRecall, b.recall >= wantedRecall];
  if (reachedA !== reachedB) return reachedB;
  return reachedB ? b.p50 < a.p50 : b.recall > a.recall;
}

/**
 * Times two points again, in turns, that are close: else a slow moment of the machine while one of
 * them was swept would decide between their builds.
 * @param {string} mode
 * @param {{ session: import('./browser.mjs').Session, point: Point }[]} pair
 */
export async function duel(mode, pair) {
  const times = pair.map(({ point }) => point.p50);
  const haveReached = pair.every(({ point }) => point.recall >= wantedRecall);
  if (!haveReached || Math.max(...times) > closeRatio * Math.min(...times)) return;
  const lowest = pair.map(() => Infinity);
  for (let pass = 0; pass < duelPasses; pass++) {
    for (const [at, { session, point }] of pair.entries()) {
      const result = await session.call('pass', mode, point.params, 'tuning');
      lowest[at] = Math.min(lowest[at] ?? Infinity, result.p50);
    }
  }
  for (const [at, { point }] of pair.entries()) point.p50 = lowest[at] ?? point.p50;
}

/**
 * @param {import('./browser.mjs').Session} session that has built
 * @param {string} mode
 * @returns {Promise<Point[]>}
 */
export async function sweep(session, mode) {
  /** @type {Point[]} */
  const points = [];
  const started = performance.now();
  for (const params of await session.call('sweep', mode)) {
    let fastest;
    for (let pass = 0; pass < tuningPasses; pass++) {
      const result = await session.call('pass', mode, params, 'tuning');
      if (!fastest || result.p50 < fastest.p50) fastest = result;
      if (result.mean * result.queries > sweepBudgetMs / 10) break; // A slow scan.
    }
    const { recall, p50, evaluations } = fastest;
    points.push({ params, recall, p50, evaluations });
    if (performance.now() - started > sweepBudgetMs) break;
    if (recall >= enoughRecall && Object.keys(params).length > 0) break;
  }
  return points;
}
