import { describe, expect, test, vi } from 'vitest';
import { VectorIndexError } from '../../src/core/errors.ts';
import { DEFAULT_TIMING } from '../../src/core/supervisor-timing.ts';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { createFakeMarkers } from './fake-ports.ts';
import { createObedientDriver, document, setUp, startTrappingEngine } from './supervised-index.ts';

const soon = () => new Promise((resolve) => setTimeout(resolve, 2));

describe('supervisor', () => {
  test('a worker that falls silent is replaced; the write in flight is done once', async () => {
    const { driver, orders } = createObedientDriver();
    const { clock, workers, index } = setUp({ driver });
    await index.insert(document('before'));
    // Committed, but the answer never comes.
    orders.hold = new Promise(() => undefined);
    const pending = index.insert(document('during'));
    await clock.advance(0);
    await clock.advance(0);
    workers[0]?.vanish();
    orders.hold = null;
    await clock.advance(8_000);
    expect(await pending).toMatchObject({ inserted: 1 });
    expect(workers).toHaveLength(2);
    expect(await index.count()).toBe(2);
    expect(index.status.get()).toMatchObject({ state: 'ready', documentCount: 2, revision: 2 });
  });

  test('a read in flight is rejected, and the next is answered', async () => {
    const { clock, workers, index } = setUp();
    await index.insert(document('a'));
    workers[0]?.vanish();
    const lost = expect(index.get('a')).rejects.toMatchObject({ code: 'worker-lost' });
    await clock.advance(8_000);
    await lost;
    expect(await index.get('a')).toMatchObject({ id: 'a' });
  });

  test('three restarts a minute, then without the engine, then an error; a later call tries again', async () => {
    const { clock, workers, index } = setUp();
    await index.insert(document('a'));
    const die = async () => {
      await index.ready();
      workers.at(-1)?.vanish();
      const lost = expect(index.count()).rejects.toMatchObject({ code: 'worker-lost' });
      await clock.advance(6_000);
      await lost;
    };
    for (let round = 0; round < 3; round++) await die();
    await index.ready();
    expect(index.status.get()).toMatchObject({ state: 'ready', degraded: false });
    for (let round = 0; round < 3; round++) {
      await die();
      await index.ready();
      expect(index.status.get()).toMatchObject({ state: 'ready', degraded: true });
      expect(await index.count()).toBe(1);
    }
    await die();
    expect(workers).toHaveLength(7);
    expect(index.status.get()).toMatchObject({ state: 'error', error: { code: 'worker-lost' } });
    expect(await index.count()).toBe(1);
    expect(index.status.get()).toMatchObject({ state: 'ready', error: null });
  });

  test('an engine that takes long to trap while it opens is done without too', async () => {
    const { index, workers, clock } = setUp({
      // Longer than restarts are counted.
      startEngine: () =>
        new Promise((_, reject) =>
          clock.after(70_000, () => reject(new WebAssembly.RuntimeError('unreachable'))),
        ),
    });
    const ready = index.ready();
    for (let seconds = 0; seconds < 600; seconds += 5) await clock.advance(5_000);
    await ready;
    expect(workers).toHaveLength(5);
    expect(index.status.get()).toMatchObject({ state: 'ready', degraded: true });
  });

  test('an engine that traps again and again is done without', async () => {
    let traps = 0;
    const { index } = setUp({
      startEngine: () => startTrappingEngine(() => ++traps > 0),
    });
    await index.insert([document('a'), document('bb')]);
    const query = Float32Array.of(1, 2);
    for (let attempt = 0; attempt < 4; attempt++) {
      await expect(index.search(query)).rejects.toMatchObject({ code: 'worker-lost' });
    }
    expect(traps).toBe(4);
    const { hits } = await index.search(query);
    expect(hits.map(({ id }) => id)).toEqual(['bb', 'a']);
    expect(index.status.get()).toMatchObject({ degraded: true, state: 'ready', documentCount: 2 });
    const { explain } = await index.search(query, { explain: true });
    expect(explain).toMatchObject({ plan: 'scan', evaluations: 2, efSearch: null, degraded: true });
    // Durable as ever.
    await index.insert(document('ccc'));
    await index.remove('a');
    expect((await index.search(query)).hits.map(({ id }) => id)).toEqual(['bb', 'ccc']);
    await expect(index.optimize()).rejects.toMatchObject({ code: 'degraded' });
  });

  test('a write that takes two workers with it is not sent to a third', async () => {
    const driver = createMemoryDriver();
    let poison = 0;
    const poisoned: StorageDriver = {
      ...driver,
      transaction: (mode, tables, body) =>
        driver.transaction(mode, tables, async (tx) =>
          body({
            ...tx,
            async put(table, rows) {
              if (table === 'documents' && rows.some((row) => 'id' in row && row.id === 'poison')) {
                poison++;
                throw new WebAssembly.RuntimeError('unreachable');
              }
              await tx.put(table, rows);
            },
          }),
        ),
    };
    const { index, workers } = setUp({ driver: poisoned });
    await index.insert(document('before'));
    const bad = expect(index.insert(document('poison'))).rejects.toMatchObject({
      code: 'worker-lost',
      message: expect.stringContaining('not tried again') as string,
    });
    const good = index.insert(document('after'));
    await bad;
    expect(await good).toMatchObject({ inserted: 1 });
    expect(poison).toBe(2);
    expect(workers.length).toBe(3);
    expect(await index.count()).toBe(2);
  });

  test('a write is not blamed for searches that trap beside it', async () => {
    const { driver, orders } = createObedientDriver();
    let isTrapping = false;
    const { index, workers } = setUp({
      driver,
      startEngine: () => startTrappingEngine(() => isTrapping),
    });
    await index.insert(document('a'));
    isTrapping = true;
    let letGo = () => undefined as void;
    orders.hold = new Promise((resolve) => (letGo = resolve));
    const write = index.insert(document('b'));
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(index.search(Float32Array.of(1, 1))).rejects.toMatchObject({
        code: 'worker-lost',
      });
    }
    letGo();
    expect(await write).toMatchObject({ inserted: 1 });
    expect(workers).toHaveLength(4);
  });

  test('a connection that is lost again and again is no reason to do without the engine', async () => {
    const memory = createMemoryDriver();
    let onLost: Parameters<StorageDriver['onLost']>[0] = () => undefined;
    const driver: StorageDriver = { ...memory, onLost: (listener) => (onLost = listener) };
    const { index, clock } = setUp({ driver });
    await index.insert(document('a'));
    const lose = async () => {
      onLost(new VectorIndexError('storage-unavailable', 'The connection broke.', ''));
      await clock.advance(10);
    };
    for (let round = 0; round < 3; round++) {
      await lose();
      await index.ready();
      expect(index.status.get()).toMatchObject({ state: 'ready', degraded: false });
    }
    await lose();
    expect(index.status.get()).toMatchObject({ state: 'error', degraded: false });
    expect(await index.count()).toBe(1);
    expect(index.status.get()).toMatchObject({ state: 'ready', degraded: false });
  });

  test('a listener that throws harms no call, and the page hears of it', async () => {
    const { index, clock } = setUp();
    const states: string[] = [];
    index.status.subscribe(() => {
      throw new Error('mine');
    });
    index.status.subscribe(() => states.push(index.status.get().state));
    await index.ready();
    await expect(clock.advance(0)).rejects.toThrow('mine');
    const onProgress = vi.fn(() => {
      throw new Error('of progress');
    });
    expect(await index.insert(document('a'), { onProgress })).toMatchObject({ inserted: 1 });
    expect(onProgress).toHaveBeenCalledExactlyOnceWith({ done: 1, total: 1 });
    expect(await index.count()).toBe(1);
    expect(states).toContain('ready');
    const heard: unknown[] = [];
    for (let left = 20; left > 0 && !heard.includes('of progress'); left--) {
      await clock.advance(0).catch((error: unknown) => heard.push((error as Error).message));
    }
    expect(heard).toContain('of progress');
  });

  test('a call that is not answered in time is a timeout, and the worker lives', async () => {
    const { driver, orders } = createObedientDriver();
    const { clock, workers, index } = setUp({ driver });
    await index.ready();
    orders.hold = new Promise(() => undefined);
    const late = expect(index.insert(document('a'))).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(62_000);
    await late;
    expect(workers).toHaveLength(1);
  });

  test('a filter that has to read all rows is given more time than another search', async () => {
    const driver = createMemoryDriver();
    let isStuck = false;
    const { clock, index } = setUp({
      driver: {
        ...driver,
        transaction: (mode, tables, body) =>
          isStuck && mode === 'readonly'
            ? new Promise(() => undefined)
            : driver.transaction(mode, tables, body),
      },
    });
    await index.insert(document('a'));
    isStuck = true;
    const late = expect(index.get('a')).rejects.toMatchObject({ code: 'timeout' });
    let isSettled = false;
    const counting = index.count({ filter: { kind: 'note' } }).catch((error: unknown) => {
      isSettled = true;
      return error;
    });
    await clock.advance(12_000);
    await late;
    expect(isSettled).toBe(false);
    await clock.advance(112_000);
    expect(await counting).toMatchObject({ code: 'timeout' });
  });

  test('a worker that never says hello is a timeout', async () => {
    let isMute = true;
    const { clock, index } = setUp({ hello: () => !isMute });
    const late = expect(index.ready()).rejects.toMatchObject({ code: 'timeout' });
    const other = expect(index.count()).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(31_000);
    await Promise.all([late, other]);
    isMute = false;
    await index.ready();
  });

  test('time in which the page slept is not counted', async () => {
    const { clock, workers, index } = setUp();
    await index.ready();
    const count = index.count();
    await clock.sleep(3_600_000);
    expect(await count).toBe(0);
    expect(workers).toHaveLength(1);
  });

  test('nor is it while a worker starts, or its module is awaited', async () => {
    let give = (_wasm: string) => undefined as void;
    let isMute = true;
    const { clock, index } = setUp({
      wasm: () => new Promise((resolve) => (give = resolve)),
      hello: () => !isMute,
    });
    const settled = vi.fn();
    index.ready().then(settled, settled);
    await clock.sleep(3_600_000);
    give('');
    await clock.advance(10);
    await clock.sleep(3_600_000);
    expect(settled).not.toHaveBeenCalled();
    // Running, it does not wait for ever.
    await clock.advance(31_000);
    expect(settled).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'timeout' }));
    isMute = false;
    const again = index.ready();
    await clock.advance(10);
    give('');
    await again;
  });

  test('a module that never comes is an error, and a later call tries again', async () => {
    let wasm: () => string | Promise<string> = () => new Promise(() => undefined);
    const { clock, index } = setUp({ wasm: () => wasm() });
    const ready = expect(index.ready()).rejects.toMatchObject({ code: 'timeout' });
    const count = expect(index.count()).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(DEFAULT_TIMING.openMs + 1);
    await Promise.all([ready, count]);
    expect(index.status.get()).toMatchObject({ state: 'error', error: { code: 'timeout' } });
    wasm = () => '';
    expect(await index.count()).toBe(0);
  });

  test('a search overtakes writes that wait', async () => {
    const { driver, orders } = createObedientDriver();
    const { index } = setUp({ driver });
    await index.insert(document('a'));
    let letGo = () => undefined as void;
    orders.hold = new Promise((resolve) => (letGo = resolve));
    const inserts = ['b', 'c', 'd'].map((id) => index.insert(document(id)));
    expect((await index.search(Float32Array.of(1, 1))).hits.map(({ id }) => id)).toEqual(['a']);
    expect(await index.get('a')).toMatchObject({ id: 'a' });
    letGo();
    await Promise.all(inserts);
    expect(await index.count()).toBe(4);
  });

  test('what another has written meanwhile is found without a hint', async () => {
    const driver = createMemoryDriver();
    const { index: mine } = setUp({ driver });
    const { index: theirs } = setUp({ driver });
    await mine.insert([
      { id: 'moved', vector: Float32Array.of(1, 0) },
      { id: 'removed', vector: Float32Array.of(1, 0.1) },
      { id: 'stays', vector: Float32Array.of(0.5, 0.5) },
    ]);
    expect(await theirs.count()).toBe(3);
    await mine.insert({ id: 'moved', vector: Float32Array.of(-1, 0) });
    await mine.remove('removed');
    const { hits, revision } = await theirs.search(Float32Array.of(1, 0), { k: 1 });
    expect(hits.map(({ id }) => id)).toEqual(['stays']);
    expect(revision).toBe(3);
    expect((await theirs.search(Float32Array.of(-1, 0), { k: 1 })).hits[0]).toMatchObject({
      id: 'moved',
      score: expect.closeTo(1, 2) as number,
    });
  });

  test('what is inserted after thousands were removed stays', async () => {
    const memory = createMemoryDriver();
    // As long as a real one takes, so that other calls arrive between two batches.
    const driver: StorageDriver = {
      ...memory,
      transaction: (...args) => soon().then(() => memory.transaction(...args)),
    };
    const { index } = setUp({ driver });
    const many = Array.from({ length: 2_500 }, (_, number) => document(`d${number}`));
    await index.insert(many);
    const byName = many.map(({ id }) => id);
    for (const removal of [byName, { namespace: 'default' }]) {
      await index.insert(many);
      const removed = index.remove(removal);
      // The last batch, were it not for the order in which things were asked.
      const inserted = index.insert(document('d2499'));
      expect(await removed).toBe(2_500);
      await inserted;
      expect((await index.list()).map(({ id }) => id)).toEqual(['d2499']);
    }
  });

  test('a failing write is typed, and what came before stays', async () => {
    const { driver, orders } = createObedientDriver();
    const { index } = setUp({ driver });
    await index.insert(document('a'));
    const { storageError } = await import('../../src/storage/storage-errors.ts');
    orders.failure = storageError(new DOMException('full', 'QuotaExceededError'));
    await expect(index.insert(document('b'))).rejects.toMatchObject({ code: 'quota-exceeded' });
    expect((await index.search(Float32Array.of(1, 1))).hits.map(({ id }) => id)).toEqual(['a']);
    orders.failure = null;
    await index.insert(document('b'));
    expect(await index.count()).toBe(2);
  });

  test('an abort takes back what was not sent, and is told to the worker otherwise', async () => {
    const { workers, index } = setUp();
    const controller = new AbortController();
    const early = index.search(Float32Array.of(1, 0), { signal: controller.signal });
    controller.abort();
    await expect(early).rejects.toMatchObject({ code: 'aborted' });
    await index.ready();
    const second = new AbortController();
    const late = index.search(Float32Array.of(1, 0), { signal: second.signal });
    await Promise.resolve();
    await Promise.resolve();
    second.abort();
    await expect(late).rejects.toMatchObject({ code: 'aborted' });
    await index.count();
    expect(workers[0]?.received).toContainEqual(expect.objectContaining({ type: 'cancel' }));
  });

  test('a page that wakes reads what others wrote, and one that stays does so now and then', async () => {
    const driver = createMemoryDriver();
    const { index: mine, clock, lifecycle } = setUp({ driver });
    const { index: theirs } = setUp({ driver });
    expect(lifecycle.listeners).toBe(0);
    expect(await mine.count()).toBe(0);
    expect(lifecycle.listeners).toBe(1);
    await theirs.insert(document('a'));
    await clock.advance(2_000);
    expect(mine.status.get().documentCount).toBe(0);
    lifecycle.wake();
    await clock.advance(100);
    expect(mine.status.get().documentCount).toBe(1);
    await theirs.insert(document('b'));
    await clock.advance(31_000);
    expect(mine.status.get().documentCount).toBe(2);
    await mine.close();
    expect(lifecycle.listeners).toBe(0);
  });

  test('an index that is gone since the last visit is noticed, once', async () => {
    const markers = createFakeMarkers();
    const first = setUp({ markers });
    await first.index.insert(document('a'));
    expect(first.index.status.get().storage).toMatchObject({ evicted: false });
    await first.index.close();
    // The same page, another day, another disk.
    const second = setUp({ markers });
    await second.index.ready();
    expect(second.index.status.get()).toMatchObject({
      documentCount: 0,
      storage: { evicted: true },
    });
    // Filled again, nothing is missing any more.
    await second.index.insert(document('b'));
    await vi.waitFor(() => expect(second.index.status.get().documentCount).toBe(1));
    expect(second.index.status.get().storage).toMatchObject({ evicted: false });
    await second.index.close();
    const third = setUp({ markers, driver: second.driver });
    await third.index.ready();
    expect(third.index.status.get().storage).toMatchObject({ evicted: false });
    // Deleted on purpose, it is not missed.
    await third.index.destroy();
    const fourth = setUp({ markers });
    await fourth.index.ready();
    expect(fourth.index.status.get().storage).toMatchObject({ evicted: false });
  });

  test('no room is said, and taken back', async () => {
    const { driver, orders } = createObedientDriver();
    const { index } = setUp({ driver });
    await index.insert(document('a'));
    const { storageError } = await import('../../src/storage/storage-errors.ts');
    orders.failure = storageError(new DOMException('full', 'QuotaExceededError'));
    await expect(index.insert(document('b'))).rejects.toMatchObject({ code: 'quota-exceeded' });
    expect(index.status.get().storage).toMatchObject({ full: true });
    orders.failure = null;
    await index.insert(document('b'));
    expect(index.status.get().storage).toMatchObject({ full: false });
  });

  test('where the browser refuses to store, memory serves, and says so', async () => {
    const refusing = createMemoryDriver();
    const { storageError } = await import('../../src/storage/storage-errors.ts');
    const memory = createMemoryDriver();
    const { index, workers } = setUp({
      createDriver: ({ storage }) =>
        storage === 'memory'
          ? memory
          : {
              ...refusing,
              open: () => Promise.reject(storageError(new DOMException('no', 'SecurityError'))),
            },
    });
    await index.insert(document('a'));
    expect(await index.count()).toBe(1);
    expect(index.status.get().storage).toMatchObject({
      kind: 'indexeddb',
      ephemeral: true,
      persisted: false,
      evicted: false,
    });
    // Unused, it keeps its worker: what it holds is nowhere else.
    await index.suspend();
    expect(await index.count()).toBe(1);
    expect(workers).toHaveLength(1);
  });

  test('a refusal of what was stored before is an error, and no empty index', async () => {
    const { storageError } = await import('../../src/storage/storage-errors.ts');
    const disk = createMemoryDriver();
    let isRefusing = false;
    const { index } = setUp({
      createDriver: ({ storage }) =>
        storage === 'memory'
          ? createMemoryDriver()
          : {
              ...disk,
              open: () =>
                isRefusing
                  ? Promise.reject(storageError(new DOMException('no', 'SecurityError')))
                  : disk.open(),
            },
    });
    await index.insert(document('a'));
    await index.suspend();
    isRefusing = true;
    await expect(index.insert(document('b'))).rejects.toMatchObject({
      code: 'storage-unavailable',
    });
    expect(index.status.get().storage).toMatchObject({ ephemeral: false });
    isRefusing = false;
    await index.insert(document('b'));
    expect(await index.count()).toBe(2);
  });
});
