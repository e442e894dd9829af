import { afterEach, describe, expect, test } from 'vitest';
import type { PutOperation } from '../../src/storage/commit.ts';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { isIntact } from '../../src/storage/schema.ts';
import type { PackRow } from '../../src/storage/schema.ts';
import { createStore } from '../../src/storage/store.ts';
import type { IndexDescription } from '../../src/storage/store.ts';

const description: IndexDescription = {
  metric: 'cosine',
  dimensions: 2,
  embedderId: 'e',
  hnsw: {},
};

let operations = 0;

interface Given {
  readonly id: string;
  readonly text?: string;
  readonly metadata?: Record<string, unknown>;
  readonly vector?: readonly [number, number];
  readonly namespace?: string;
}

function putOf(documents: readonly Given[], opId = `op-${operations++}`): PutOperation {
  const vectors = documents.flatMap(({ vector }) => vector ?? []);
  let row = 0;
  return {
    opId,
    embedderId: 'e',
    at: 1_000 + operations,
    vectors: Float32Array.from(vectors),
    entries: documents.map(({ id, text, metadata, vector, namespace = 'n' }) => ({
      namespace,
      id,
      text,
      metadata,
      truncated: false,
      vector: vector ? row++ : null,
    })),
  };
}

/** What the rows of an index promise, on any driver. */
export function describeStore(name: string, createDriver: () => StorageDriver): void {
  describe(name, () => {
    const drivers: StorageDriver[] = [];
    const openStore = async (wanted: Partial<IndexDescription> = {}) => {
      const driver = createDriver();
      drivers.push(driver);
      await driver.open();
      const store = createStore(driver);
      await store.open({ ...description, ...wanted }, 'birth');
      return { store, driver };
    };
    afterEach(async () => {
      for (const driver of drivers.splice(0)) await driver.destroy();
    });

    const packs = async (driver: StorageDriver) =>
      driver.transaction('readonly', ['vectors'], (tx) => tx.range('vectors', {}));
    const floats = (pack: PackRow | undefined) => [...new Float32Array(pack?.data ?? [])];

    test('an operation sent twice is done once and answers the same', async () => {
      const { store } = await openStore();
      const operation = putOf([{ id: 'a', text: 'x', vector: [1, 0] }], 'same');
      const first = await store.put(operation);
      const second = await store.put(operation);
      expect(first).toMatchObject({ kind: 'done', committed: { seq: 1 } });
      expect(second).toMatchObject({ kind: 'known', seq: 1 });
      expect(second.kind !== 'replan' && first.kind !== 'replan' && second.result).toEqual(
        first.kind === 'done' && first.result,
      );
      const removal = { opId: 'gone', selection: { keys: [['n', 'a']] as const }, at: 1 };
      expect(await store.remove(removal)).toMatchObject({ kind: 'done', result: 1 });
      expect(await store.remove(removal)).toMatchObject({ kind: 'known', result: 1, seq: 2 });
    });

    test('sequence numbers are contiguous under concurrent writers', async () => {
      const { store, driver } = await openStore();
      const outcomes = await Promise.all(
        Array.from({ length: 12 }, (_, number) =>
          store.put(putOf([{ id: `d${number}`, text: 'x', vector: [1, number] }])),
        ),
      );
      const seqs = outcomes.map((outcome) => outcome.kind === 'done' && outcome.committed?.seq);
      expect([...seqs].sort((a, b) => Number(a) - Number(b))).toEqual(
        Array.from({ length: 12 }, (_, number) => number + 1),
      );
      const log = await driver.transaction('readonly', ['operations'], (tx) =>
        tx.range('operations', {}),
      );
      expect(log.map(({ seq }) => seq)).toEqual(
        seqs.length ? [...Array(12).keys()].map((n) => n + 1) : [],
      );
      expect(log.every(isIntact)).toBe(true);
    });

    test('a replaced vector is wiped from its pack, an empty pack goes', async () => {
      const { store, driver } = await openStore();
      await store.put(
        putOf([
          { id: 'a', text: 'x', vector: [1, 2] },
          { id: 'b', text: 'y', vector: [3, 4] },
        ]),
      );
      await store.put(putOf([{ id: 'a', text: 'x2', vector: [5, 6] }]));
      const [first, second] = await packs(driver);
      expect(floats(first)).toEqual([0, 0, 3, 4]);
      expect(first?.ids).toEqual([null, 'b']);
      expect(floats(second)).toEqual([5, 6]);
      await store.remove({ opId: 'r', selection: { keys: [['n', 'b']] }, at: 1 });
      expect((await packs(driver)).map(({ pack }) => pack)).toEqual([2]);
      expect((await packs(driver)).every(isIntact)).toBe(true);
    });

    test('metadata that differs in half a surrogate pair is another', async () => {
      const { store } = await openStore();
      const asked = { namespace: 'n', id: 'a', text: 'x' };
      const old = { v: ['\ud83d!'] };
      const fresh = { v: ['\ude00!'] };
      await store.put(putOf([{ id: 'a', text: 'x', vector: [1, 2], metadata: old }]));
      expect(await store.plan([{ ...asked, metadata: old }])).toMatchObject([{ action: 'same' }]);
      expect(await store.plan([{ ...asked, metadata: fresh }])).toMatchObject([{ action: 'keep' }]);
      const outcome = await store.put(putOf([{ id: 'a', text: 'x', metadata: fresh }]));
      expect(outcome).toMatchObject({ kind: 'done', result: { updated: 1, unchanged: 0 } });
      expect(await store.documents([['n', 'a']])).toMatchObject([{ metadata: fresh }]);
    });

    test('a change of metadata keeps the vector; the same again writes nothing', async () => {
      const { store } = await openStore();
      await store.put(putOf([{ id: 'a', text: 'x', vector: [1, 2], metadata: { v: 1 } }]));
      const kept = await store.put(putOf([{ id: 'a', text: 'x', metadata: { v: 2 } }]));
      expect(kept).toMatchObject({ kind: 'done', result: { updated: 1, unchanged: 0 } });
      const again = await store.put(putOf([{ id: 'a', text: 'x', metadata: { v: 2 } }]));
      expect(again).toMatchObject({ committed: null, result: { updated: 0, unchanged: 1 } });
      const found = await store.documentWithVector(['n', 'a']);
      expect(found?.row).toMatchObject({ text: 'x', metadata: { v: 2 }, pack: 1, seq: 2 });
      expect([...(found?.vector ?? [])]).toEqual([1, 2]);
    });

    test('without text and vector only the metadata changes', async () => {
      const { store } = await openStore();
      await store.put(putOf([{ id: 'a', text: 'x', vector: [1, 2], metadata: { v: 1 } }]));
      await store.put(putOf([{ id: 'a', metadata: { v: 3 } }]));
      expect((await store.documents([['n', 'a']]))[0]).toMatchObject({
        text: 'x',
        metadata: { v: 3 },
      });
    });

    test('keeping the vector of a text that changed meanwhile asks for a new plan', async () => {
      const { store } = await openStore();
      await store.put(putOf([{ id: 'a', text: 'theirs', vector: [1, 2] }]));
      const stale = putOf([
        { id: 'a', text: 'mine', metadata: { v: 1 } },
        { id: 'new', text: 'other', vector: [1, 1] },
      ]);
      expect(await store.put(stale)).toEqual({ kind: 'replan' });
      expect(await store.put(putOf([{ id: 'absent', text: 'x' }]))).toEqual({ kind: 'replan' });
      expect((await store.documents([['n', 'new']]))[0]).toBeUndefined();
    });

    test('the same vector again, to the last bit, is unchanged', async () => {
      const { store } = await openStore();
      await store.put(putOf([{ id: 'a', vector: [1, 2] }]));
      expect(await store.put(putOf([{ id: 'a', vector: [1, 2] }]))).toMatchObject({
        committed: null,
        result: { unchanged: 1 },
      });
      expect(await store.put(putOf([{ id: 'a', vector: [1, 2.0000002] }]))).toMatchObject({
        result: { updated: 1 },
      });
    });

    test('a plan says what to embed', async () => {
      const { store } = await openStore();
      await store.put(
        putOf([{ id: 'a', text: 'x', vector: [1, 2], metadata: { v: [1, { w: 2 }] } }]),
      );
      const of = (id: string, text?: string, metadata?: Record<string, unknown>) => ({
        namespace: 'n',
        id,
        text,
        metadata,
      });
      const plan = await store.plan([
        of('a', 'x', { v: [1, { w: 2 }] }),
        of('a', 'x', { v: [1, { w: 3 }] }),
        of('a', 'x'),
        of('a', 'y'),
        of('b', 'x'),
        of('b'),
        of('a'),
      ]);
      expect(plan.map(({ action }) => action)).toEqual([
        'same',
        'keep',
        'keep',
        'embed',
        'embed',
        'missing',
        'same',
      ]);
    });

    test('the tail tells another reader what happened', async () => {
      const { store } = await openStore();
      await store.put(putOf([{ id: 'a', text: 'x', vector: [1, 2] }]));
      await store.put(putOf([{ id: 'b', text: 'y', vector: [3, 4] }]));
      await store.remove({ opId: 'r', selection: { keys: [['n', 'a']] }, at: 1 });
      const tail = await store.tail(1);
      expect(tail?.seq).toBe(3);
      expect(tail?.operations.map(({ seq, removed, pack }) => [seq, removed, pack?.ids])).toEqual([
        [2, [], ['b']],
        [3, [['n', 'a']], undefined],
      ]);
      expect((await store.tail(3))?.operations).toEqual([]);
      // A log that is shorter than what the reader has seen is another log.
      expect(await store.tail(9)).toBeNull();
    });

    test('a namespace is removed in parts, and no other', async () => {
      const { store } = await openStore();
      const documents = ['a', 'b', 'c'].map((id) => ({ id, text: id, vector: [1, 1] as const }));
      await store.put(putOf(documents));
      await store.put(putOf(documents.map((document) => ({ ...document, namespace: 'n2' }))));
      const remove = (opId: string) =>
        store.remove({ opId, selection: { namespace: 'n', limit: 2 }, at: 1 });
      expect((await remove('1')).result).toBe(2);
      expect((await remove('2')).result).toBe(1);
      expect((await remove('3')).result).toBe(0);
      expect((await store.list('n2', 10, undefined)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect((await store.list('n2', 10, 'a')).map(({ id }) => id)).toEqual(['b', 'c']);
    });

    test('loading shows every pack once, in order, however many there are', async () => {
      const { store } = await openStore();
      for (let n = 0; n < 100; n++) {
        await store.put(putOf([{ id: `d${n}`, text: 'x', vector: [1, n] }]));
      }
      const seen: number[] = [];
      expect(
        await store.load(
          () =>
            ({ pack }) =>
              seen.push(pack),
        ),
      ).toEqual({
        seq: 100,
        documentCount: 100,
        damagedPacks: 0,
      });
      expect(seen).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    });

    test('damaged rows are noticed and left out', async () => {
      const { store, driver } = await openStore();
      await store.put(putOf([{ id: 'a', text: 'x', vector: [1, 2] }]));
      await store.put(putOf([{ id: 'b', text: 'y', vector: [3, 4] }]));
      await driver.transaction('readwrite', ['documents', 'vectors'], async (tx) => {
        const row = await tx.get('documents', ['n', 'a']);
        if (row) await tx.put('documents', [{ ...row, text: 'forged' }]);
        const pack = await tx.get('vectors', 2);
        if (pack) {
          new Uint8Array(pack.data)[3] = 0x7f;
          await tx.put('vectors', [pack]);
        }
      });
      expect((await store.documents([['n', 'a']]))[0]).toBeUndefined();
      const seen: number[] = [];
      const { damagedPacks, seq } = await store.load(
        () =>
          ({ pack }) =>
            seen.push(pack),
      );
      expect({ damagedPacks, seq, seen }).toEqual({ damagedPacks: 1, seq: 2, seen: [1] });
    });

    test('a damaged pack stays damaged when one of its documents is replaced', async () => {
      const { store, driver } = await openStore();
      await store.put(
        putOf([
          { id: 'a', text: 'x', vector: [1, 2] },
          { id: 'b', text: 'y', vector: [3, 4] },
        ]),
      );
      await driver.transaction('readwrite', ['vectors'], async (tx) => {
        const pack = await tx.get('vectors', 1);
        if (!pack) return;
        new Float32Array(pack.data)[2] = 99;
        await tx.put('vectors', [pack]);
      });
      await store.put(putOf([{ id: 'a', text: 'x2', vector: [5, 6] }]));
      const [first] = await packs(driver);
      expect(first && isIntact(first)).toBe(false);
      expect(floats(first).slice(0, 2)).toEqual([0, 0]);
      const seen: number[] = [];
      expect(
        (
          await store.load(
            () =>
              ({ pack }) =>
                seen.push(pack),
          )
        ).damagedPacks,
      ).toBe(1);
      expect(seen).toEqual([2]);
    });

    test('what describes an index is written anew from its other rows', async () => {
      for (const lost of ['index', 'head'] as const) {
        for (const damage of ['deleted', 'changed'] as const) {
          const { store, driver } = await openStore();
          await store.put(putOf([{ id: 'a', text: 'x', vector: [1, 2] }]));
          await store.put(putOf([{ id: 'b', text: 'y', vector: [3, 4] }]));
          await store.remove({
            opId: `${lost}-${damage}`,
            selection: { keys: [['n', 'a']] },
            at: 1,
          });
          await driver.transaction('readwrite', ['meta'], async (tx) => {
            const row = await tx.get('meta', lost);
            if (damage === 'deleted') await tx.remove('meta', [lost]);
            else if (row) await tx.put('meta', [{ ...row, checksum: row.checksum ^ 1 }]);
          });
          expect(await store.open(description, 'other')).toMatchObject({ healedRows: 1 });
          expect(await store.head()).toMatchObject({ seq: 3, documentCount: 1 });
          expect(await store.put(putOf([{ id: 'c', text: 'z', vector: [5, 6] }]))).toMatchObject({
            committed: { seq: 4 },
          });
          expect((await store.list('n', 10, undefined)).map(({ id }) => id)).toEqual(['b', 'c']);
        }
      }
    });

    test('opening with other dimensions, metric or embedder is refused', async () => {
      const { store } = await openStore();
      await store.put(putOf([{ id: 'a', text: 'x', vector: [1, 2] }]));
      const open = (wanted: Partial<IndexDescription>) =>
        store.open({ ...description, ...wanted }, 'other');
      await expect(open({ dimensions: 3 })).rejects.toMatchObject({ code: 'dimension-mismatch' });
      await expect(open({ metric: 'l2' })).rejects.toMatchObject({ code: 'invalid-input' });
      await expect(open({ embedderId: 'f' })).rejects.toMatchObject({ code: 'embedder-mismatch' });
      await expect(open({ embedderId: 'f', dimensions: 3 })).rejects.toMatchObject({
        code: 'embedder-mismatch',
      });
      await expect(open({ embedderId: null })).resolves.toMatchObject({
        index: { birthId: 'birth' },
      });
      await expect(
        store.put({ ...putOf([{ id: 'b', vector: [1, 2] }]), embedderId: 'f' }),
      ).rejects.toMatchObject({ code: 'embedder-mismatch' });
      await expect(
        store.put({ ...putOf([{ id: 'b', vector: [1, 2] }]), embedderId: null }),
      ).rejects.toMatchObject({ code: 'embedder-mismatch' });
    });

    test('an empty index takes the first embedder that comes', async () => {
      const { store } = await openStore({ embedderId: null });
      await store.open({ ...description, embedderId: 'late' }, 'x');
      await expect(
        store.put({ ...putOf([{ id: 'a', vector: [1, 2] }]), embedderId: 'late' }),
      ).resolves.toMatchObject({ kind: 'done' });
    });
  });
}
