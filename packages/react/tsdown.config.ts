import { copyFile, mkdir } from 'node:fs/promises';
import { defineConfig } from 'tsdown';

const wasm = new URL('../engine/wasm/akin_engine_bg.wasm', import.meta.url);
const styles = ['components/styles.css', 'devtools/devtools.css'];

export default defineConfig([
  {
    // One output file a source file: `'use client'` stays per module, and the worker's URL keeps
    // pointing at its neighbour.
    entry: [
      'src/index.ts',
      'src/core/index.ts',
      'src/components/index.ts',
      'src/devtools/{index,production}.ts',
      'src/testing/index.ts',
      'src/embedders/{worker,transformers,transformers-worker,tensorflow,tensorflow-worker,openai-compatible}.ts',
    ],
    outDir: 'dist',
    unbundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: true,
    dts: true,
    fixedExtension: false,
    async onSuccess() {
      await copyFile(wasm, new URL('./dist/akin_engine_bg.wasm', import.meta.url));
      for (const path of styles) {
        const target = new URL(`./dist/${path}`, import.meta.url);
        await mkdir(new URL('.', target), { recursive: true });
        await copyFile(new URL(`./src/${path}`, import.meta.url), target);
      }
    },
  },
  {
    // The worker is one self-contained file, Dexie and the engine's glue included, so that no
    // bundler has to resolve an import inside a worker.
    entry: { entry: 'src/worker/entry.ts' },
    outDir: 'dist/worker',
    clean: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: true,
    dts: false,
    fixedExtension: false,
    minify: true,
    noExternal: [/.*/],
    inlineOnly: ['dexie'],
  },
]);
