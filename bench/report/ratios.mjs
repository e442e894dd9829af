/** What the figures of one set say of Akin beside the others. */
import { wantedRecall } from '../protocol/tune.mjs';
import { peers } from '../peers.mjs';

/** @param {string} name */
export const peerOf = (name) => peers.find((peer) => peer.name === name);

/** @param {any} result */
const reached = (result) => result?.search?.reached === true;

/**
 * @param {any[]} results of one set
 * @returns {{ own: any, browser: any, native: any, search: { browser?: number, native?: number,
 *   tail?: number }, build: { browser?: number, native?: number, ownRate?: number,
 *   browserPeer?: any } }}
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
  const ownBuild = fastestBuild(own);
  /** @param {'browser' | 'native'} where */
  const build = (where) =>
    results
      .filter(({ peer }) => peer !== 'akin' && peerOf(peer)?.graph)
      .filter(({ peer }) => peerOf(peer)?.where === where)
      .map((result) => ({ result, build: fastestBuild(result) }))
      .filter((one) => one.build)
      .reduce((a, b) => (!a || b.build.ms < a.build.ms ? b : a), /** @type {any} */ (undefined));
  const [browserBuild, nativeBuild] = [build('browser'), build('native')];
  const p50 = reached(own) ? own.search.p50 : undefined;
  return {
    own,
    browser,
    native,
    search: {
      browser: p50 && browser && browser.search.p50 / p50,
      native: p50 && native && native.search.p50 / p50,
      tail: p50 && own.search.p99 / p50,
    },
    build: {
      browser: ownBuild && browserBuild && browserBuild.build.ms / ownBuild.ms,
      native: ownBuild && nativeBuild && nativeBuild.build.ms / ownBuild.ms,
      browserPeer: browserBuild?.result,
    },
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
