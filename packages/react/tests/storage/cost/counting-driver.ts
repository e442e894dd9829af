import { serialize } from 'node:v8';
import type { StorageDriver } from '../../../src/storage/driver.ts';
import { TABLE_NAMES } from '../../../src/storage/schema.ts';
import type { TableName } from '../../../src/storage/schema.ts';

/** Bytes that a row takes as Chromium hands it to its database: cloned, and Blobs as they are. */
export function storedBytes(row: object): number {
  let blobs = 0;
  const rest = Object.fromEntries(
    Object.entries(row).map(([field, value]) => {
      if (!(value instanceof Blob)) return [field, value as unknown];
      blobs += value.size;
      return [field, null];
    }),
  );
  return serialize(rest).length + blobs;
}

export interface CountingDriver extends StorageDriver {
  /** Bytes put into each table since the last call. */
  take(): Record<TableName, number>;
}

/** Counts what is put through the port, of transactions that were completed. */
export function createCountingDriver(disk: StorageDriver): CountingDriver {
  const none = () =>
    Object.fromEntries(TABLE_NAMES.map((name) => [name, 0])) as Record<TableName, number>;
  let written = none();
  return {
    ...disk,
    take() {
      const taken = written;
      written = none();
      return taken;
    },
    async transaction(mode, tables, body, durability) {
      const own = none();
      const result = await disk.transaction(
        mode,
        tables,
        (tx) =>
          body({
            ...tx,
            put(table, rows) {
              for (const row of rows) own[table] += storedBytes(row);
              return tx.put(table, rows);
            },
          }),
        durability,
      );
      for (const name of TABLE_NAMES) written[name] += own[name];
      return result;
    },
  };
}
