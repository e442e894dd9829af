/**
 * An example with a server of its own, whose tools are too large for everybody's install: it stands outside
 * the workspace, and gets the packages as npm would serve them.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyExample, inApp, installPacked } from '../packages/packed-app.mjs';
import { root } from '../process.mjs';

/** @param {string} name a folder of `examples/` */
export function isPackedExample(name) {
  const file = join(root, 'examples', name, 'package.json');
  return !JSON.parse(readFileSync(file, 'utf8')).dependencies['@akin/react'].startsWith(
    'workspace',
  );
}

/**
 * Builds it in a temporary folder and serves it from there until it is stopped.
 * @param {string} name
 * @param {number} port
 * @param {(doing: string, work: () => Promise<number>) => Promise<boolean>} step
 * @returns {Promise<number>} the exit code
 */
export async function startPackedExample(name, port, step) {
  const folder = await mkdtemp(join(tmpdir(), `akin-example-${name}-`));
  try {
    const prepare = async () => {
      await copyExample(name, folder);
      await installPacked(folder);
      return 0;
    };
    if (!(await step('Installing the packed packages', prepare))) return 1;
    if (!(await step('Building the example', () => inApp(folder, ['next', 'build'])))) return 1;
    const address = ['--hostname', '127.0.0.1', '--port', `${port}`];
    return await inApp(folder, ['next', 'start', ...address]);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
