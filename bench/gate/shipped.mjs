/** What is shipped of the engine: the module and the glue that wasm-bindgen made for it. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const folder = new URL('../../packages/engine/wasm/', import.meta.url);
const files = ['akin_engine_bg.wasm', 'akin_engine.js'];

export function shippedGzipBytes() {
  const bytes = files.map((name) => readFileSync(new URL(name, folder)));
  return bytes.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
}
