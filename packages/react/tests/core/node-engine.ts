import { readFile } from 'node:fs/promises';
import { loadEngine } from '@akin/engine/slim';

/** The real engine, in Node. */
export async function startNodeEngine() {
  const wasm = new URL('../../../engine/wasm/akin_engine_bg.wasm', import.meta.url);
  return loadEngine(await readFile(wasm));
}
