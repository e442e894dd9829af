/** Which engine it is that is measured. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/process.mjs';

const engine = join(root, 'packages', 'engine');

/** A hash of the module and of what loads it. */
export function engineHash() {
  const hash = createHash('sha256');
  hash.update(readFileSync(join(engine, 'wasm', 'akin_engine_bg.wasm')));
  for (const name of readdirSync(join(engine, 'dist')).sort()) {
    if (name.endsWith('.js')) hash.update(readFileSync(join(engine, 'dist', name)));
  }
  return hash.digest('hex').slice(0, 16);
}
