import { encodeCanonical } from '../../../src/storage/canonical.ts';
import type { StorageDriver } from '../../../src/storage/driver.ts';
import { dumpRows } from '../damage/damage.ts';

/** Everything that is on a disk, Blobs included. */
export async function storedBytes(disk: StorageDriver): Promise<Buffer> {
  await disk.open();
  const parts: Uint8Array[] = [];
  for (const rows of Object.values(await dumpRows(disk))) {
    for (const row of rows) {
      parts.push(encodeCanonical(row));
      if ('data' in row && row.data instanceof Blob) {
        parts.push(new Uint8Array(await row.data.arrayBuffer()));
      }
    }
  }
  return Buffer.concat(parts);
}
