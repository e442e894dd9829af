/** Child processes: started as groups, so that nothing outlives the command that started it. */
import { spawn, spawnSync } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const windows = process.platform === 'win32';

/** @type {Set<import('node:child_process').ChildProcess>} */
const live = new Set();

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] added to this process's own
 * @property {(text: string) => void} [onOutput] without it, output goes straight to the terminal
 * @property {number} [timeoutMs]
 * @property {AbortSignal} [signal] ends it and all that it started
 */

/**
 * Runs a command to its end. Standard input is empty.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>} the exit code; 124 after a timeout, 127 when it cannot be started
 */
export function run(command, args, options = {}) {
  const { cwd = root, env = {}, onOutput, timeoutMs, signal } = options;
  return new Promise((resolve) => {
    const output = onOutput ? 'pipe' : 'inherit';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', output, output],
      detached: !windows,
    });
    live.add(child);
    let timedOut = false;
    const timer = timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          onOutput?.(`\nStopped after ${Math.round(timeoutMs / 1000)} s without an end.\n`);
          askToEnd();
        }, timeoutMs)
      : undefined;
    const askToEnd = () => {
      // Test runners close their browsers when they are asked to end.
      stop(child, 'SIGTERM');
      setTimeout(stop, 3_000, child, 'SIGKILL').unref();
    };
    signal?.addEventListener('abort', askToEnd, { once: true });
    /** @type {NodeJS.Timeout | undefined} */
    let patience;
    /** @param {number} code */
    const end = (code) => {
      clearTimeout(timer);
      clearTimeout(patience);
      live.delete(child);
      signal?.removeEventListener('abort', askToEnd);
      resolve(timedOut ? 124 : code);
    };
    child.stdout?.setEncoding('utf8').on('data', (text) => onOutput?.(text));
    child.stderr?.setEncoding('utf8').on('data', (text) => onOutput?.(text));
    child.on('error', (error) => {
      onOutput?.(`${error.message}\n`);
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
    child.on('exit', (code) => {
      // Browsers and servers that it left behind may hold the pipe open.
      stop(child, 'SIGKILL');
      patience = setTimeout(end, 2_000, code ?? 1);
    });
  });
}

/**
 * What a short command prints, or undefined when it is missing or fails.
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
export function answer(command, args, env = {}) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 60_000,
    // Windows starts npm's and pnpm's `.cmd` files only through a shell.
    shell: windows && !isAbsolute(command),
  });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function stop(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (windows)
      spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Stops everything still running; called on the way out. */
function stopAll() {
  for (const child of live) stop(child, 'SIGTERM');
}

process.on('exit', stopAll);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    stopAll();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}
