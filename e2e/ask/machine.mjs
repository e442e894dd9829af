/** Whether a time that was measured says something about us, or about who else was computing. */
import { readFileSync, readdirSync } from 'node:fs';

/** Clock ticks a second, the same in every Linux that runs these tests. */
const ticksPerSecond = 100;

/** @param {string} path */
const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // Another system, or a process that has ended.
  }
};

/** Ticks that all processors spent on anything, what the host took away included. */
function busyTicks() {
  const [, user, nice, system, , , irq, softirq, steal] = read('/proc/stat')
    .split(/\s+/)
    .map(Number);
  return user + nice + system + irq + softirq + steal;
}

/** Ticks of this process and of all that it started, from what they and their children count. */
function ownTicks() {
  const processes = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => {
        // The name stands in brackets, and may hold anything.
        const fields = read(`/proc/${pid}/stat`).replace(/^.*\)/s, '').trim().split(' ');
        const [, parent] = fields;
        const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
        return [Number(pid), { parent: Number(parent), ticks }];
      }),
  );
  /** @param {number} pid @returns {boolean} */
  const isOurs = (pid) =>
    pid === process.pid || (pid > 1 && isOurs(processes.get(pid)?.parent ?? 0));
  return [...processes].reduce((sum, [pid, { ticks }]) => sum + (isOurs(pid) ? ticks : 0), 0);
}

/**
 * Watches who computes.
 * @returns {() => number} processors that others kept busy since then, on average; 0 where nobody
 *   can tell
 */
export function watchOthers() {
  if (process.platform !== 'linux') return () => 0;
  const startedAt = performance.now();
  const start = busyTicks() - ownTicks();
  return () => {
    const seconds = (performance.now() - startedAt) / 1000;
    return Math.max(0, (busyTicks() - ownTicks() - start) / ticksPerSecond / seconds);
  };
}
