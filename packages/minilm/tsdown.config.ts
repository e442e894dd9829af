import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { defineConfig } from 'tsdown';
import type { Rolldown } from 'tsdown';

const wasm = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');

/**
 * The runtime can import another build of itself from an address. This package never lets it, and
 * bundlers would warn about an import that they cannot follow.
 */
const noSecondScript: Rolldown.Plugin = {
  name: 'no-second-script',
  transform(code, id) {
    if (!id.includes('ort.wasm.bundle')) return undefined;
    const sealed = code.replaceAll(
      /await import\(\/\*webpackIgnore:true\*\/ ?\/\*@vite-ignore\*\/\w+\)/g,
      'await Promise.reject(new Error("No second script is loaded."))',
    );
    if (sealed === code || sealed.includes('@vite-ignore')) {
      throw new Error('ONNX Runtime imports scripts in another way than before: look at it again.');
    }
    return sealed;
  },
};

export default defineConfig([
  {
    entry: { index: 'src/index.ts' },
    outDir: 'dist',
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: true,
    dts: true,
    fixedExtension: false,
    external: [/^@akin\/react/],
    async onSuccess() {
      // Beside index.js, which asks every bundler for it by `new URL`.
      await copyFile(wasm, new URL('./dist/ort-wasm-simd-threaded.wasm', import.meta.url));
    },
  },
  {
    // The worker is one self-contained file: ONNX Runtime's glue, the tokenizer and the kit, so that
    // no bundler has to resolve an import inside a worker.
    entry: { worker: 'src/worker.ts' },
    outDir: 'dist',
    clean: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: false,
    dts: false,
    fixedExtension: false,
    minify: true,
    noExternal: [/.*/],
    inlineOnly: false,
    plugins: [noSecondScript],
    // The runtime would offer bundlers a second copy of its WebAssembly and of itself. It is given
    // its WebAssembly as bytes and starts no threads, so its own address is never used.
    define: { 'import.meta.url': 'self.location.href' },
  },
]);
