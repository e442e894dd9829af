import { afterEach, describe, expect, test } from 'vitest';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { seal } from '../../src/storage/schema.ts';
import type { DocumentRow, OperationRow } from '../../src/storage/schema.ts';

const documentRow = (namespace: string, id: string, text = id) =>
  seal<DocumentRow>({
    namespace,
    id,
    text,
    metadata: {},
    truncated: false,
    createdAt: 1,
    updatedAt: 1,
    pack: 1,
    row: 0,
    seq: 1,
  });

const operationRow = (seq: number, opId: string) =>
  seal<OperationRow>({ seq, opId, kind: 'remove', pack: null, keys: [], result: 0, at: 1 });

/** What every driver does, whatever it stands on. */
export function describeDriver(name: string, create: () => StorageDriver): void {
  describe(name, () => {
    const drivers: StorageDriver[] = [];
    const openDriver = async () => {
      const driver = create();
      drivers.push(driver);
      await driver.open();
      return driver;
    };
    afterEach(async () => {
      for (const driver of drivers.splice(0)) await driver.destroy();
    });

    const write = (driver: StorageDriver, ...rows: DocumentRow[]) =>
      driver.transaction('readwrite', ['documents'], (tx) => tx.put('documents', rows));
    const ids = (driver: StorageDriver, range = {}) =>
      driver.transaction('readonly', ['documents'], async (tx) =>
        (await tx.range('documents', range)).map((row) => `${row.namespace}/${row.id}`),
      );

    test('rows come back as they were, absent ones as undefined', async () => {
      const driver = await openDriver();
      await write(driver, documentRow('a', 'one'), documentRow('a', 'two'));
      const rows = await driver.transaction('readonly', ['documents'], async (tx) => [
        await tx.get('documents', ['a', 'two']),
        ...(await tx.getMany('documents', [
          ['a', 'one'],
          ['b', 'one'],
        ])),
      ]);
      expect(rows).toEqual([documentRow('a', 'two'), documentRow('a', 'one'), undefined]);
    });

    test('a row put twice is there once', async () => {
      const driver = await openDriver();
      await write(driver, documentRow('a', 'one', 'old'));
      await write(driver, documentRow('a', 'one', 'new'));
      expect(await ids(driver)).toEqual(['a/one']);
    });

    test('ranges are in key order and respect their ends', async () => {
      const driver = await openDriver();
      const keys = [
        ['b', '1'],
        ['a', '2'],
        ['a', '10'],
        ['a', ''],
        ['a\0', 'x'],
        ['ä', 'z'],
      ] as const;
      await write(driver, ...keys.map(([namespace, id]) => documentRow(namespace, id)));
      expect(await ids(driver)).toEqual(['a/', 'a/10', 'a/2', 'a\0/x', 'b/1', 'ä/z']);
      expect(await ids(driver, { from: ['a', ''], below: ['a\0', ''] })).toEqual([
        'a/',
        'a/10',
        'a/2',
      ]);
      expect(await ids(driver, { above: ['a', '10'], limit: 2 })).toEqual(['a/2', 'a\0/x']);
      expect(await ids(driver, { above: ['a', ''], below: ['a', '2'] })).toEqual(['a/10']);
      expect(await ids(driver, { below: ['a', '2'] })).toEqual(['a/', 'a/10']);
    });

    test('rows are removed by key and by range', async () => {
      const driver = await openDriver();
      await write(driver, ...['1', '2', '3', '4'].map((id) => documentRow('a', id)));
      await driver.transaction('readwrite', ['documents'], async (tx) => {
        await tx.remove('documents', [
          ['a', '1'],
          ['a', 'none'],
        ]);
        await tx.removeRange('documents', { from: ['a', '3'] });
      });
      expect(await ids(driver)).toEqual(['a/2']);
    });

    test('operations are found by their id, which is unique', async () => {
      const driver = await openDriver();
      const put = (row: OperationRow) =>
        driver.transaction('readwrite', ['operations'], (tx) => tx.put('operations', [row]));
      await put(operationRow(1, 'first'));
      const find = (opId: string) =>
        driver.transaction('readonly', ['operations'], (tx) => tx.findOperation(opId));
      expect(await find('first')).toEqual(operationRow(1, 'first'));
      expect(await find('second')).toBeUndefined();
    });

    test('a transaction that throws leaves nothing behind', async () => {
      const driver = await openDriver();
      await write(driver, documentRow('a', 'kept'));
      const failure = new Error('in the middle');
      await expect(
        driver.transaction('readwrite', ['documents'], async (tx) => {
          await tx.put('documents', [documentRow('a', 'lost')]);
          await tx.remove('documents', [['a', 'kept']]);
          throw failure;
        }),
      ).rejects.toThrow();
      expect(await ids(driver)).toEqual(['a/kept']);
    });

    test('writers take turns', async () => {
      const driver = await openDriver();
      await write(driver, documentRow('a', 'counter', '0'));
      const increment = () =>
        driver.transaction('readwrite', ['documents'], async (tx) => {
          const row = await tx.get('documents', ['a', 'counter']);
          const next = Number(row?.text) + 1;
          await tx.put('documents', [documentRow('a', 'counter', String(next))]);
        });
      await Promise.all(Array.from({ length: 20 }, increment));
      const row = await driver.transaction('readonly', ['documents'], (tx) =>
        tx.get('documents', ['a', 'counter']),
      );
      expect(row?.text).toBe('20');
    });

    test('what was read can be changed without changing what is stored', async () => {
      const driver = await openDriver();
      await write(driver, documentRow('a', 'one'));
      const read = () =>
        driver.transaction('readonly', ['documents'], (tx) => tx.get('documents', ['a', 'one']));
      Object.assign((await read()) ?? {}, { text: 'changed' });
      expect((await read())?.text).toBe('one');
    });

    test('a closed driver refuses, typed, and opens again', async () => {
      const driver = await openDriver();
      await write(driver, documentRow('a', 'one'));
      driver.close();
      await expect(ids(driver)).rejects.toMatchObject({ name: 'VectorIndexError' });
      await driver.open();
      expect(await ids(driver)).toEqual(['a/one']);
    });

    test('destroyed, it is empty', async () => {
      const driver = await openDriver();
      await write(driver, documentRow('a', 'one'));
      await driver.destroy();
      await driver.open();
      expect(await ids(driver)).toEqual([]);
    });
  });
}
