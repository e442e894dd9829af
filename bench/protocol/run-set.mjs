/**
 * One set, all libraries. First each finds its settings; the session with its best build stays
 * alive. Then all are measured on the other half of the queries in turns: a slow minute of the
 * machine meets all of them.
 */
import { limited } from './limited.mjs';
import { measure } from './measure.mjs';
import { best, duel, isBetter, sweep } from './tune.mjs';
import { inItsWords, told } from './words.mjs';

/**
 * @typedef {import('./browser.mjs').Session} Session
 * @typedef {import('./tune.mjs').Build} Build
 * @typedef {import('./tune.mjs').Point} Point
 * @typedef {import('../peers.mjs').Peer} Peer
 *
 * @typedef {object} Contender a library at work on a set
 * @property {Peer} peer
 * @property {any} description what its adapter says of itself
 * @property {Build[]} builds
 * @property {string[]} files it asked for
 * @property {Map<string, { session: Session, build: Build, point: Point }>} winners by mode
 *
 * @typedef {object} Runner
 * @property {(peer: Peer) => Promise<Session>} open
 * @property {(text: string) => void} log
 * @property {(key: string) => any} recall what an earlier run kept
 * @property {(key: string, value: unknown) => void} remember
 */

/**
 * @param {any} set
 * @param {Peer[]} peers that take part
 * @param {Runner} runner
 */
export async function runSet(set, peers, runner) {
  /** @type {any[]} */
  const results = [];
  /** @type {Contender[]} */
  const contenders = [];
  for (const peer of peers) {
    const kept = runner.recall(`result ${peer.name}`);
    const absent = peer.whyNot?.(set);
    if (kept) results.push(...kept);
    else if (absent) results.push({ peer: peer.name, skipped: absent });
    else contenders.push(await tune(set, peer, runner));
  }
  for (const contender of contenders) {
    if (contender.winners.size > 0) continue;
    const error = contender.builds.map((build) => build.error).find(Boolean) ?? 'nothing was built';
    results.push({ peer: contender.peer.name, error, measuredAt: new Date().toISOString() });
  }
  const measured = await measure(set, contenders, runner);
  for (const { peer, winners } of contenders) {
    const own = measured.filter((result) => result.peer === peer.name);
    if (own.length > 0) runner.remember(`result ${peer.name}`, own);
    for (const session of new Set([...winners.values()].map((winner) => winner.session))) {
      await session.call('free').catch((error) => {
        runner.log(`  ${peer.name}: free: ${inItsWords(error)}`);
      });
      await session.stop();
    }
  }
  const order = new Map(peers.map(({ name }, at) => [name, at]));
  return [...results, ...measured].sort(
    (a, b) => (order.get(a.peer) ?? 0) - (order.get(b.peer) ?? 0),
  );
}

/**
 * @param {any} set
 * @param {Peer} peer
 * @param {Runner} runner
 * @returns {Promise<Contender>}
 */
async function tune(set, peer, { open, log, recall, remember }) {
  /** @type {Contender} */
  const contender = { peer, description: undefined, builds: [], files: [], winners: new Map() };
  const probe = await open(peer);
  try {
    contender.description = await limited(probe.call('describe', set));
  } catch (error) {
    const message = inItsWords(error);
    log(`  ${peer.name}: ${message}`);
    contender.builds.push({ ...emptyBuild({}), error: message });
    return contender;
  } finally {
    await probe.stop();
  }
  const kept = recall(`tuning ${peer.name}`);
  if (kept) return rebuild(set, contender, kept, { open, log });

  for (const params of contender.description.grid) {
    const build = emptyBuild(params);
    contender.builds.push(build);
    const session = await open(peer);
    let inUse = false;
    try {
      await makeBuild(set, session, build);
      log(`  ${peer.name} ${told(params)}: built in ${(build.ms / 1000).toFixed(1)} s`);
      for (const mode of contender.description.modes) {
        const points = await limited(sweep(session, mode));
        build.modes[mode] = points;
        build.modeMemoryBytes[mode] = await session.call('memoryBytes');
        const point = best(points);
        if (!point) continue;
        log(
          `    ${mode}: recall ${point.recall.toFixed(3)}, p50 ${point.p50.toFixed(3)} ms ` +
            `with ${told(point.params)}`,
        );
        const winner = contender.winners.get(mode);
        if (winner) await limited(duel(mode, [winner, { session, point }]));
        if (!isBetter(winner?.point, point)) continue;
        contender.winners.set(mode, { session, build, point });
        inUse = true;
        const others = [...contender.winners.values()].map((other) => other.session);
        if (winner && !others.includes(winner.session)) await winner.session.stop();
      }
      if (contender.files.length === 0 && peer.where === 'browser') {
        contender.files = await session.call('requested');
      }
    } catch (error) {
      build.error = inItsWords(error);
      log(`  ${peer.name} ${told(params)}: FAILS: ${build.error}`);
    }
    if (!inUse) await session.stop();
  }
  const chosen = [...contender.winners].map(([mode, { build }]) => [
    mode,
    contender.builds.indexOf(build),
  ]);
  const { builds, files } = contender;
  remember(`tuning ${peer.name}`, { builds, files, chosen: Object.fromEntries(chosen) });
  return contender;
}

/**
 * Builds once more what an earlier run found to be best.
 * @param {any} set
 * @param {Contender} contender
 * @param {{ builds: Build[], files: string[], chosen: Record<string, number> }} kept
 * @param {Pick<Runner, 'open' | 'log'>} runner
 */
async function rebuild(set, contender, kept, { open, log }) {
  const { builds, files, chosen } = kept;
  Object.assign(contender, { builds, files });
  /** @type {Map<Build, Session>} */
  const sessions = new Map();
  for (const mode of contender.description.modes) {
    const build = builds[chosen[mode] ?? -1];
    const point = best(build?.modes[mode] ?? []);
    if (!build || !point) continue;
    const session = sessions.get(build) ?? (await open(contender.peer));
    if (!sessions.has(build)) {
      log(`  ${contender.peer.name} ${told(build.params)}: building again`);
      await makeBuild(set, session, { ...build });
      sessions.set(build, session);
    }
    contender.winners.set(mode, { session, build, point });
  }
  return contender;
}

/** @param {any} set @param {Session} session @param {Build} build filled in */
async function makeBuild(set, session, build) {
  await limited(session.call('load'));
  build.calibrationMs = await session.call('calibrate');
  Object.assign(build, await limited(session.call('build', set, build.params)));
}

/** @param {import('./tune.mjs').Params} params @returns {Build} */
function emptyBuild(params) {
  return {
    params,
    ms: NaN,
    memoryBytes: NaN,
    calibrationMs: NaN,
    modes: {},
    modeMemoryBytes: {},
  };
}
