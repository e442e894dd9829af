/**
 * What a kill in the middle of a write leaves: Chromium writes a record of its LevelDB log in two or more
 * steps, and the system may cut each of them short. About one kill of the browser in two hundred falls there.
 */
import { appendFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** https://github.com/google/leveldb/blob/main/doc/log_format.md */
const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
const FULL = 1;

/**
 * Appends the beginning of a record to the logs of a browser that was killed.
 * @param {string} profile
 */
export function tearLog(profile) {
  const databases = join(profile, 'Default', 'IndexedDB');
  const logs = readdirSync(databases, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.leveldb[\\/]\d+\.log$/.test(name),
  );
  for (const name of logs) {
    const log = join(databases, name);
    const left = BLOCK_BYTES - (statSync(log).size % BLOCK_BYTES);
    // What does not hold a header is filled with zeros.
    const filling = left < HEADER_BYTES ? left : 0;
    const room = (filling ? BLOCK_BYTES : left) - HEADER_BYTES;
    const promised = Math.min(room, 1_000);
    const torn = Buffer.alloc(filling + HEADER_BYTES + Math.floor(promised / 2));
    torn.writeUInt32LE(0x5eed5eed, filling);
    torn.writeUInt16LE(promised, filling + 4);
    torn.writeUInt8(FULL, filling + 6);
    appendFileSync(log, torn);
  }
  return logs.length;
}
