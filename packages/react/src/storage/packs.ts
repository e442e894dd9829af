import { isIntact, seal } from './schema.ts';
import type { PackRow } from './schema.ts';

/** Whether a pack is what was written, and its parts add up: it is read as one block of numbers. */
export function isWholePack(pack: PackRow, dimensions: number): boolean {
  return (
    isIntact(pack) &&
    pack.dimensions === dimensions &&
    pack.data.byteLength === pack.ids.length * dimensions * 4
  );
}

/** Of a vector that is wiped; no document's is empty. Older versions kept the one that it had. */
const NO_NAMESPACE = '';

/**
 * The pack with some of its vectors overwritten by zeros and their names deleted, or `null` when none is left.
 * Takes its bytes. A damaged pack stays damaged: a checksum that fits would vouch for its other vectors.
 */
export function wipeVectors(pack: PackRow, rows: Iterable<number>): PackRow | null {
  const wasIntact = isIntact(pack);
  const ids = [...pack.ids];
  const bytes = new Uint8Array(pack.data);
  const rowBytes = pack.dimensions * 4;
  for (const row of rows) {
    ids[row] = null;
    bytes.fill(0, row * rowBytes, (row + 1) * rowBytes);
  }
  if (ids.every((id) => id === null)) return null;
  const namespaces = pack.namespaces.map((name, row) => (ids[row] === null ? NO_NAMESPACE : name));
  const wiped = { ...pack, ids, namespaces };
  return wasIntact ? seal<PackRow>(wiped) : wiped;
}
