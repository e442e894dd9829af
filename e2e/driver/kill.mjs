/** Ends a browser as a power cut or the system's out-of-memory killer does: at once, unasked. */
import { readFileSync, readdirSync } from 'node:fs';

/**
 * Kills every process that was started with a profile's folder, and all that those started.
 * @param {string} profile
 */
export function killProfile(profile) {
  const processes = listProcesses();
  const doomed = new Set(
    processes.filter(({ command }) => command.includes(profile)).map(({ pid }) => pid),
  );
  for (let size = -1; size !== doomed.size;) {
    size = doomed.size;
    for (const { pid, parent } of processes) if (doomed.has(parent)) doomed.add(pid);
  }
  doomed.delete(process.pid);
  for (const pid of doomed) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone with another.
    }
  }
}

function listProcesses() {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid)) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      // "pid (name) state parent …", and the name may hold anything.
      const status = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
      return [{ pid, parent, command }];
    } catch {
      return [];
    }
  });
}
