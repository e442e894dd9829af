import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { defineConfig } from 'tsdown';

const wasm = new URL('../engine/wasm/akin_engine_bg.wasm', import.meta.url);
const worker = new URL('./dist/worker/entry.js', import.meta.url);
const inlineAssets = new URL('./dist/inline/assets.js', import.meta.url);
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
      'src/inline/index.ts',
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
    // Written once the worker is built, below.
    external: ['./assets.js'],
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
    onSuccess: writeInlineAssets,
  },
]);

/** The worker and the engine as strings, for `@akin/react/inline`. */
async function writeInlineAssets(): Promise<void> {
  const script = (await readFile(worker, 'utf8')).replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
  const base64 = (await readFile(wasm)).toString('base64');
  await mkdir(new URL('./', inlineAssets), { recursive: true });
  await writeFile(
    inlineAssets,
    // Some apps put their script into their page, which `</script>` would end.
    `export const workerScript = ${JSON.stringify(script).replaceAll('</', '<\\/')};\n` +
      `export const wasmBase64 = '${base64}';\n`,
  );
}
