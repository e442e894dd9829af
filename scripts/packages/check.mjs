/**
 * What is published can be imported: publint reads each tarball's manifest against its files, and
 * arethetypeswrong resolves every entry's types as TypeScript does in a bundler and in Node.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { pnpm } from '../toolchain/pnpm.mjs';
import { pack, packageFolders } from './pack.mjs';

/** Entries that are no modules, and have no types. */
const files = ['styles.css', 'devtools.css', 'wasm'];

/** @param {string} tarball */
async function lint(tarball) {
  const { buffer } = new Uint8Array(readFileSync(tarball));
  const options = /** @type {const} */ ({ strict: true, level: 'warning' });
  const { messages, pkg } = await publint({ ...options, pack: { tarball: buffer } });
  return messages.map((message) => formatMessage(message, pkg ?? {}) ?? message.code);
}

/** @param {string} tarball */
async function checkTypes(tarball) {
  let output = '';
  const options = ['--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color'];
  const code = await pnpm(
    ['exec', 'attw', tarball, ...options, '--exclude-entrypoints', ...files],
    {
      timeoutMs: 120_000,
      onOutput: (text) => void (output += text),
    },
  );
  return code === 0 ? [] : [output.trim()];
}

const folder = mkdtempSync(join(tmpdir(), 'akin-packages-'));
try {
  for (const name of packageFolders) {
    const tarball = await pack(name, folder);
    const found = [...(await lint(tarball)), ...(await checkTypes(tarball))];
    if (found.length > 0) process.exitCode = 1;
    process.stdout.write(`packages/${name}: ${found.length > 0 ? found.join('\n') : 'in order'}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
