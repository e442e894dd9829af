/** A session in a process of its own, for native libraries. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../cache.mjs';
import { describeError } from './describe-error.mjs';
import { createSession } from './session.mjs';

const data = join(cacheFolder, 'data');
const adapter = await import(`../adapters/${process.argv[2]}.mjs`);

/** @type {any} */
const session = createSession(adapter.default, {
  async buffer(path) {
    const bytes = await readFile(join(data, path));
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  },
  json: async (path) => JSON.parse(await readFile(join(data, path), 'utf8')),
});

process.on('message', async ({ method, args }) => {
  try {
    process.send?.({ result: await session[method](...args) });
  } catch (error) {
    process.send?.({ error: describeError(error) });
  }
});
// Files that an adapter saved are removed on the way out.
for (const end of ['disconnect', 'SIGTERM']) process.on(end, () => process.exit());
process.send?.({ ready: true });
