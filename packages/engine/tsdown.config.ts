import { defineConfig } from 'tsdown';

export default defineConfig({
  // One module state for all entries: the WASM module is loaded once, whoever asks first.
  entry: ['js/browser.ts', 'js/node.ts', 'js/slim.ts'],
  outDir: 'dist',
  format: 'esm',
  // Neutral: what a bundle of the browser entry holds must not depend on who bundles it. The Node
  // entry imports one built-in module.
  platform: 'neutral',
  external: [/^node:/],
  target: 'es2022',
  sourcemap: true,
  dts: true,
  fixedExtension: false,
});
