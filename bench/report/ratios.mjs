/** What the figures of one set say of Akin beside the others. */
import { wantedRecall } from '../protocol/tune.mjs';
import { peers } from '../peers.mjs';

/** @param {string} name */
export const peerOf = (name) => peers.find((peer) => peer.name === name);

/** @param {any} result */
const reached = (result) => result?.search?.reached === true;

/**
 * What builds are compared by: the one behind the measured search, or the fastest with which some
 * setting reaches the recall.
 * @typedef {{ browser?: number, native?: number, browserPeer?: any }} Builds
 */

/**
 * @param {any[]} results of one set
 * @returns {{ own: any, browser: any, native: any, search: { browser?: number, native?: number,
 *   tail?: number }, searched: Builds & { together?: number }, fastest: Builds }}
 */
export function ratiosOf(results) {
  const own = results.find(({ peer }) => peer === 'akin');
  const others = results.filter((result) => result.peer !== 'akin' && reached(result));
  /** @param {'browser' | 'native'} where */
  const fastest = (where) =>
    others
      .filter(({ peer }) => peerOf(peer)?.where === where)
      .reduce((a, b) => (!a || b.search.p50 < a.search.p50 ? b : a), undefined);
  const [browser, native] = [fastest('browser'), fastest('native')];
  const p50 = reached(own) ? own.search.p50 : undefined;
  const searched = compareBuilds(results, (result) => (reached(result) ? result.build : undefined));
  const { ms } = searched.browserPeer?.build ?? {};
  return {
    own,
    browser,
    native,
    search: {
      browser: p50 && browser && browser.search.p50 / p50,
      native: p50 && native && native.search.p50 / p50,
      tail: p50 && own.search.p99 / p50,
    },
    searched: { ...searched, together: ms && own?.twoWorkers?.ms && ms / own.twoWorkers.ms },
    fastest: compareBuilds(results, fastestBuild),
  };
}

/**
 * @param {any[]} results
 * @param {(result: any) => any} buildOf
 * @returns {Builds}
 */
function compareBuilds(results, buildOf) {
  const own = buildOf(results.find(({ peer }) => peer === 'akin'));
  /** @param {'browser' | 'native'} where */
  const least = (where) =>
    results
      .filter(({ peer }) => peer !== 'akin' && peerOf(peer)?.graph)
      .filter((result) => peerOf(result.peer)?.where === where && buildOf(result))
      .reduce((a, b) => (!a || buildOf(b).ms < buildOf(a).ms ? b : a), undefined);
  const [browser, native] = [least('browser'), least('native')];
  return {
    browser: own && browser && buildOf(browser).ms / own.ms,
    native: own && native && buildOf(native).ms / own.ms,
    browserPeer: browser,
  };
}

/**
 * The build that took least of those with which some setting reaches the recall. One that leaves
 * nothing to set when searching has no graph, as Akin's defaults for few vectors, and is none.
 * @param {any} result
 */
export function fastestBuild(result) {
  /** @type {any[]} */
  const builds = result?.builds ?? [];
  return builds
    .filter(({ error }) => !error)
    .filter(({ points = [] }) =>
      points.some(
        (/** @type {import('../protocol/tune.mjs').Point} */ { params, recall }) =>
          recall >= wantedRecall && Object.keys(params).length > 0,
      ),
    )
    .reduce((a, b) => (!a || b.ms < a.ms ? b : a), undefined);
}
