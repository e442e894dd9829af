/**
 * Builds again what searches were measured on: a slow minute of the machine while a library built
 * would count as that library's.
 */
import { limited } from './limited.mjs';
import { inItsWords, told } from './words.mjs';

const wantedBuilds = 3;

/** A library that takes longer for all its builds together makes fewer, at least one. */
const budgetMs = 240_000;

/** @param {number} ms that one build takes @returns {number} how many are made */
export function buildsOf(ms) {
  return Math.max(1, Math.min(wantedBuilds, Math.floor(budgetMs / ms)));
}

/**
 * In turns: the second build of each library, then the third of each. A build's `ms` becomes the
 * lowest of its `runs`.
 * @param {any} set
 * @param {import('./run-set.mjs').Contender[]} contenders
 * @param {import('./run-set.mjs').Runner} runner
 */
export async function buildAgain(set, contenders, { open, log }) {
  const entries = contenders
    .filter(({ peer }) => peer.graph)
    .flatMap(({ peer, winners }) =>
      [...new Set([...winners.values()].map(({ build }) => build))].map((build) => {
        build.runs = [build.ms];
        return { peer, build, wanted: buildsOf(build.ms) };
      }),
    );
  for (let made = 1; made < wantedBuilds; made++) {
    for (const { peer, build, wanted } of entries) {
      if (made >= wanted) continue;
      const session = await open(peer);
      try {
        await limited(session.call('load'));
        const { ms } = await limited(session.call('build', set, build.params));
        build.runs?.push(ms);
        build.ms = Math.min(build.ms, ms);
      } catch (error) {
        log(`  ${peer.name} ${told(build.params)}: building again FAILS: ${inItsWords(error)}`);
      } finally {
        await session.stop();
      }
    }
  }
  for (const { peer, build } of entries) {
    const seconds = build.runs?.map((ms) => (ms / 1_000).toFixed(1)).join(', ');
    log(`  ${peer.name} ${told(build.params)}: builds took ${seconds} s`);
  }
}
