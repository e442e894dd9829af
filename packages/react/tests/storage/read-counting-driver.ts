import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import type { TableName } from '../../src/storage/schema.ts';

/** A disk that counts the rows of a table that are read. */
export interface ReadCountingDriver extends StorageDriver {
  read: number;
  /** Called each time after some were. */
  onRead: () => void;
}

export function createReadCountingDriver(counted: TableName = 'documents'): ReadCountingDriver {
  const disk = createMemoryDriver();
  const count = (rows: number) => {
    driver.read += rows;
    driver.onRead();
  };
  const driver: ReadCountingDriver = {
    ...disk,
    read: 0,
    onRead: () => undefined,
    transaction: (mode, tables, body) =>
      disk.transaction(mode, tables, (tx) =>
        body({
          ...tx,
          async getMany(table, keys) {
            const rows = await tx.getMany(table, keys);
            if (table === counted) count(keys.length);
            return rows;
          },
          async range(table, range) {
            const rows = await tx.range(table, range);
            if (table === counted) count(rows.length);
            return rows;
          },
        }),
      ),
  };
  return driver;
}
