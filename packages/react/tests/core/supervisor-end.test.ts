import { describe, expect, test } from 'vitest';
import type { Embedder } from '../../src/core/index.ts';
import { VectorIndexError } from '../../src/core/errors.ts';
import type { PageMessage } from '../../src/core/protocol.ts';
import type { StorageDriver } from '../../src/storage/driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { createObedientDriver, document, setUp } from './supervised-index.ts';
import type { InProcessWorker } from './in-process-worker.ts';

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** What workers were asked, in order. */
const kindsOf = (workers: readonly InProcessWorker[]) =>
  workers.flatMap(({ received }) => received).map((message) => (message as { kind?: string }).kind);

describe('the end of a supervised index', () => {
  test('closing settles everything, at once', async () => {
    const { driver, orders } = createObedientDriver();
    const { clock, index } = setUp({ driver });
    await index.ready();
    orders.hold = new Promise(() => undefined);
    const calls = [index.insert(document('a')), index.count(), index.search(Float32Array.of(1, 0))];
    const settled = Promise.allSettled(calls);
    const closing = index.close();
    for (const outcome of await settled) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'closed' } });
    }
    await clock.advance(2_000);
    await closing;
    expect(index.status.get().state).toBe('closed');
  });

  test('closing while a module is awaited settles everything, and starts nothing', async () => {
    const { clock, index, workers } = setUp({ wasm: () => new Promise(() => undefined) });
    const ready = expect(index.ready()).rejects.toMatchObject({ code: 'closed' });
    const count = expect(index.count()).rejects.toMatchObject({ code: 'closed' });
    await clock.advance(10);
    await index.close();
    await Promise.all([ready, count]);
    await clock.advance(200_000);
    expect(workers).toHaveLength(0);
    expect(index.status.get().state).toBe('closed');
  });

  test('an index that is destroyed while a module is awaited is not made anew', async () => {
    let give = (_wasm: string) => undefined as void;
    const { clock, index, workers } = setUp({
      wasm: () => new Promise((resolve) => (give = resolve)),
    });
    const ready = expect(index.ready()).rejects.toMatchObject({ code: 'closed' });
    await clock.advance(10);
    const destroyed = index.destroy();
    give('');
    await clock.advance(2_000);
    await Promise.all([ready, destroyed]);
    expect(kindsOf(workers)).toContain('destroy');
    expect(kindsOf(workers)).not.toContain('open');
  });

  test('closing while it starts settles everything too', async () => {
    const { clock, index } = setUp({ hello: () => false });
    const ready = expect(index.ready()).rejects.toMatchObject({ code: 'closed' });
    const count = expect(index.count()).rejects.toMatchObject({ code: 'closed' });
    await clock.advance(10);
    await index.close();
    await Promise.all([ready, count]);
    expect(index.status.get().state).toBe('closed');
  });

  test('suspended, it starts again when it is used', async () => {
    const { clock, workers, index } = setUp();
    await index.insert(document('a'));
    const suspended = index.suspend();
    await clock.advance(2_000);
    await suspended;
    expect(index.status.get()).toMatchObject({ state: 'idle', documentCount: 1 });
    expect(await index.count()).toBe(1);
    expect(workers).toHaveLength(2);
  });

  test('destroyed while it is being suspended, it is deleted all the same, and soon', async () => {
    const { clock, workers, index } = setUp();
    await index.insert(document('a'));
    const settled = Promise.all([index.suspend(), index.destroy()]);
    await clock.advance(2_000);
    await settled;
    expect(index.status.get().state).toBe('closed');
    expect(kindsOf(workers)).toContain('destroy');
  });

  test('destroyed at once in two tabs, it is gone in both', async () => {
    const memory = createMemoryDriver();
    let onLost: Parameters<StorageDriver['onLost']>[0] = () => undefined;
    let hold: Promise<void> | null = null;
    const driver: StorageDriver = {
      ...memory,
      onLost: (listener) => (onLost = listener),
      async transaction(...args) {
        await hold;
        return memory.transaction(...args);
      },
    };
    const { clock, index, workers } = setUp({ driver });
    await index.insert(document('a'));
    // A write is under way when the other tab's deletion takes the connection away.
    hold = new Promise(() => undefined);
    const writing = expect(index.insert(document('b'))).rejects.toMatchObject({ code: 'closed' });
    await clock.advance(10);
    const destroyed = index.destroy();
    await clock.advance(10);
    hold = null;
    onLost(new VectorIndexError('storage-lost', 'It was deleted.', ''));
    await clock.advance(2_000);
    await Promise.all([writing, destroyed]);
    expect(index.status.get().state).toBe('closed');
    expect(kindsOf(workers).filter((kind) => kind === 'destroy')).toHaveLength(2);
  });

  test('destroyed twice, and suspended meanwhile, it is deleted once, without its mark', async () => {
    const { driver, orders } = createObedientDriver();
    let letGo = () => undefined as void;
    const slow: StorageDriver = {
      ...driver,
      destroy: () => new Promise<void>((resolve) => (letGo = resolve)).then(() => driver.destroy()),
    };
    const { clock, index, workers, markers } = setUp({ driver: slow });
    await index.insert(document('a'));
    expect(markers.get(index.name)).not.toBeNull();
    const ends = [index.destroy(), index.destroy(), index.suspend(), index.close()];
    await clock.advance(3_000);
    letGo();
    await clock.advance(2_000);
    await Promise.all(ends);
    expect(orders.failure).toBeNull();
    expect(kindsOf(workers).filter((kind) => kind === 'destroy')).toHaveLength(1);
    expect(markers.get(index.name)).toBeNull();
    expect(index.status.get()).toMatchObject({ state: 'closed', documentCount: 0 });
  });

  test('destroyed while it is optimized, it does not wait for the end of that', async () => {
    const { driver, orders } = createObedientDriver();
    const slow: StorageDriver = {
      ...driver,
      destroy: () => new Promise((resolve) => setTimeout(resolve, 20)).then(() => driver.destroy()),
    };
    const { clock, index, workers } = setUp({ driver: slow });
    await index.insert([document('a'), document('bb')]);
    await index.remove('a');
    let letGo = () => undefined as void;
    orders.hold = new Promise((resolve) => (letGo = resolve));
    const writing = index.insert(document('c')).catch((error: unknown) => error);
    const optimizing = index.optimize().catch((error: unknown) => error);
    await clock.advance(10);
    const destroyed = index.destroy();
    await clock.advance(10);
    letGo();
    await clock.advance(2_000);
    await destroyed;
    expect(await writing).toMatchObject({ code: 'closed' });
    expect(await optimizing).toMatchObject({ code: 'closed' });
    expect(workers).toHaveLength(1);
    const sent = workers.flatMap(({ received }) => received) as PageMessage[];
    const optimizeId = sent.find((message) => 'kind' in message && message.kind === 'snapshot')?.id;
    const destroyAt = sent.findIndex((message) => 'kind' in message && message.kind === 'destroy');
    expect(sent.slice(0, destroyAt)).toContainEqual({ type: 'cancel', id: optimizeId });
  });

  test('whatever waits for an embedder is settled, though that is deaf', async () => {
    const embedder: Embedder = {
      id: 'deaf',
      dimensions: 2,
      embed: () => new Promise(() => undefined),
    };
    const { clock, index } = setUp({ embedder });
    await index.ready();
    const { signal, abort } = abortable();
    const aborted = [
      index.insert({ id: 'a', text: 'a' }, { signal }),
      index.search('a', { signal }),
    ].map((call) => expect(call).rejects.toMatchObject({ code: 'aborted' }));
    const closed = [index.insert({ id: 'a', text: 'a' }), index.search('a')].map((call) =>
      expect(call).rejects.toMatchObject({ code: 'closed' }),
    );
    await clock.advance(10);
    abort();
    await Promise.all(aborted);
    const closing = index.close();
    await Promise.all(closed);
    await clock.advance(2_000);
    await closing;
  });

  test('closed while it waits to start again, it starts nothing', async () => {
    const { clock, workers, index } = setUp();
    await index.insert(document('a'));
    const suspended = index.suspend();
    const ready = expect(index.ready()).rejects.toMatchObject({ code: 'closed' });
    const closed = index.close();
    await clock.advance(2_000);
    await Promise.all([suspended, ready, closed]);
    expect(workers).toHaveLength(1);
    expect(index.status.get().state).toBe('closed');
  });
});
