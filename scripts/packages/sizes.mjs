/**
 * What a package costs those who load it: minified by esbuild, compressed by gzip -9, peers and what is only
 * loaded when something fails left out. Fails above a budget, and prints all of them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { root } from '../process.mjs';

/** @typedef {{ what: string, budget: number, bytes: () => Promise<number> | number }} Size */

const peers = ['react', 'react-dom', '@tanstack/react-query', '@base-ui/react', 'dexie'];

/** @type {import('esbuild').Plugin} */
const loadedLater = {
  name: 'loaded later',
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    ),
};

/** @param {string} entry @param {string} [names] what of it an app imports */
async function bundled(entry, names = '*') {
  const { outputFiles } = await build({
    stdin: { contents: `export ${names} from '${entry}'`, resolveDir: root },
    external: peers.flatMap((name) => [name, `${name}/*`]),
    plugins: [loadedLater],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return compressed(outputFiles[0]?.contents ?? new Uint8Array());
}

/** Chat memory is built on the rest, so it has a budget with it. */
async function coreAndHooks() {
  const ofMemory = ['createChatMemory', 'useChatMemory', 'useRecall'];
  const names = Object.keys(await import('@akin/react'));
  return bundled(
    '@akin/react',
    `{ ${names.filter((name) => !ofMemory.includes(name)).join(', ')} }`,
  );
}

/** @param {Uint8Array} content */
const compressed = (content) => gzipSync(content, { level: 9 }).length;

/** @param {string} path */
const file = (path) => () => compressed(readFileSync(join(root, 'packages', path)));

/** What an app with a search of its own imports. */
const usual = '{ VectorIndexProvider, useInsert, useSimilar }';

/** @type {Size[]} */
const sizes = [
  {
    what: 'provider, useInsert, useSimilar',
    budget: 13_200,
    bytes: () => bundled('@akin/react', usual),
  },
  { what: 'core and all hooks', budget: 15_000, bytes: coreAndHooks },
  { what: 'the same with chat memory', budget: 16_100, bytes: () => bundled('@akin/react') },
  {
    what: 'all of @akin/react/components',
    budget: 15_000,
    bytes: () => bundled('@akin/react/components'),
  },
  {
    what: 'the index worker, with Dexie',
    budget: 69_400,
    bytes: file('react/dist/worker/entry.js'),
  },
  { what: "the engine's WASM", budget: 60_000, bytes: file('react/dist/akin_engine_bg.wasm') },
  { what: '@akin/react/inline', budget: 144_900, bytes: () => bundled('@akin/react/inline') },
];

const rows = [];
for (const { what, budget, bytes } of sizes) {
  const found = await bytes();
  if (found > budget) process.exitCode = 1;
  const isOver = found > budget ? '  OVER' : '';
  const numbers = [found, budget].map((n) => n.toLocaleString('en').padStart(9)).join('');
  rows.push(`${what.padEnd(33)}${numbers}${isOver}`);
}
const head = `${'gzip -9, bytes'.padEnd(33)}${'is'.padStart(9)}${'at most'.padStart(9)}`;
process.stdout.write(`${[head, ...rows].join('\n')}\n`);
