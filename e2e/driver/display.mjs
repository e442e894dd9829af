/** A virtual screen for browsers that cannot do without one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findOnPath } from '../../scripts/toolchain/chromium.mjs';

/**
 * Starts Xvfb on a free display; where there is none, uses the screen that is there.
 * @returns {Promise<{ display: string, close: () => void }>}
 */
export async function openDisplay() {
  const xvfb = findOnPath('Xvfb');
  if (!xvfb) return { display: process.env.DISPLAY ?? '', close: () => {} };
  const flags = ['-screen', '0', '1920x2000x24', '-nolisten', 'tcp', '-displayfd', '3'];
  const server = spawn(xvfb, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const close = () => void server.kill();
  process.once('exit', close);
  const [number] = await once(
    /** @type {import('node:stream').Readable} */ (server.stdio[3]),
    'data',
  );
  return {
    display: `:${String(number).trim()}`,
    close() {
      process.off('exit', close);
      close();
    },
  };
}
