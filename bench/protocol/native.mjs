/** A native library in a process of its own, behind the same session as those in the browser. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../harness/native-process.mjs', import.meta.url));

/**
 * @param {string} peer
 * @returns {Promise<import('./browser.mjs').Session>}
 */
export async function openNative(peer) {
  const child = fork(file, [peer], {
    execArgv: ['--max-old-space-size=8192'],
    serialization: 'advanced',
  });
  let output = '';
  /** @returns {Promise<any>} */
  const answer = () =>
    new Promise((resolve, reject) => {
      /** @param {any} message */
      const onMessage = (message) => {
        child.off('exit', onExit);
        if (message.error !== undefined) reject(new Error(message.error));
        else resolve(message.result);
      };
      /** @param {number | null} code @param {string | null} signal */
      const onExit = (code, signal) => {
        child.off('message', onMessage);
        reject(new Error(`${peer} ended with ${signal ?? `code ${code}`}${output}`));
      };
      child.once('message', onMessage);
      child.once('exit', onExit);
    });
  child.stderr?.on('data', (text) => (output += `: ${text}`));
  await answer();
  /** @type {import('./browser.mjs').Session} */
  const session = {
    payload: undefined,
    async call(method, ...args) {
      child.send({ method, args });
      const { payload, ...result } = wrap(await answer());
      if (payload !== undefined) session.payload = payload;
      return 'value' in result ? result.value : result;
    },
    callWithPayload: (method, from, ...args) => session.call(method, ...args, from.payload),
    async stop() {
      child.removeAllListeners('exit');
      child.kill();
    },
  };
  return session;
}

/** @param {any} result */
function wrap(result) {
  return typeof result === 'object' && result !== null && !Array.isArray(result)
    ? result
    : { value: result };
}
