import { readFile, readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type * as Node from '../js/node.ts';
import type * as Slim from '../js/slim.ts';

const dist = new URL('../dist/', import.meta.url);

// Bundlers copy whatever `new URL(…, import.meta.url)` names.
it('names the module in the entry for browsers, and nowhere in the slim one', async () => {
  const named = /new URL\("\.\.\/wasm\/akin_engine_bg\.wasm", import\.meta\.url\)/;
  expect(await readFile(new URL('browser.js', dist), 'utf8')).toMatch(named);
  const chunks = (await readdir(dist)).filter((name) => /^(slim|engine-.*)\.js$/.test(name));
  expect(chunks).toHaveLength(2);
  for (const name of chunks) {
    expect(await readFile(new URL(name, dist), 'utf8')).not.toContain('import.meta');
  }
});

it('is found by its name, built, with one engine for all entries', async () => {
  const name = '@akin/engine';
  const entry = (await import(/* @vite-ignore */ name)) as typeof Node;
  const slim = (await import(/* @vite-ignore */ `${name}/slim`)) as typeof Slim;
  expect(Object.keys(entry).sort()).toEqual(['EngineError', 'loadEngine']);
  expect(await entry.loadEngine()).toBe(await slim.loadEngine(new Uint8Array(0)));
});
