import { describe, expect, test } from 'vitest';
import { createClient } from '../../src/core/client.ts';
import type { VectorIndexClient } from '../../src/core/client.ts';
import { VectorIndexError, createVectorIndex } from '../../src/core/index.ts';
import type { VectorIndexErrorCode } from '../../src/core/index.ts';
import { createRegistry } from '../../src/core/registry.ts';
import { DEFAULT_TIMING } from '../../src/core/supervisor-timing.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeLifecycle, createFakeMarkers } from './fake-ports.ts';

function setUp() {
  const clock = createFakeClock();
  const suspended: string[] = [];
  const busy = new Set<string>();
  const onlyCopies = new Set<string>();
  const open = new Set<string>();
  const errors = new Map<string, VectorIndexError>();
  const registry = createRegistry(
    (options) => {
      const client = createClient(options, {
        clock,
        lifecycle: createFakeLifecycle(),
        markers: createFakeMarkers(),
        spawn: () => {
          throw new Error('not needed here');
        },
        wasm: () => '',
        timing: DEFAULT_TIMING,
      });
      return {
        ...client,
        status: {
          ...client.status,
          get: () => ({
            ...client.status.get(),
            ...(open.has(client.name) ? { state: 'ready' as const } : {}),
            error: errors.get(client.name) ?? null,
          }),
        },
        encryption: client.encryption,
        get isClosed() {
          return client.isClosed;
        },
        get holdsOnlyCopy() {
          return onlyCopies.has(client.name);
        },
        get isBusy() {
          return busy.has(client.name);
        },
        suspend() {
          suspended.push(client.name);
          return client.suspend();
        },
      } satisfies VectorIndexClient;
    },
    clock,
    1_000,
  );
  const fail = (name: string, code: VectorIndexErrorCode) =>
    errors.set(name, new VectorIndexError(code, 'It failed.', 'Do something.'));
  return { clock, suspended, busy, onlyCopies, open, registry, fail };
}

const options = { name: 'a', dimensions: 2 };

describe('registry', () => {
  test('one name is one index', () => {
    const { registry } = setUp();
    expect(registry.acquire(options)).toBe(registry.acquire({ ...options }));
    expect(registry.acquire({ ...options, name: 'b' })).not.toBe(registry.acquire(options));
  });

  test('released and retained within the grace period, it goes on', async () => {
    const { registry, clock, suspended } = setUp();
    const index = registry.acquire(options);
    const release = registry.retain(index);
    release();
    release();
    await clock.advance(900);
    const again = registry.retain(index);
    await clock.advance(5_000);
    expect(suspended).toEqual([]);
    again();
    await clock.advance(1_001);
    expect(suspended).toEqual(['a']);
    // Whoever kept it and whoever asks now have one index.
    expect(registry.acquire(options)).toBe(index);
  });

  test('after the grace period a name may be another index', async () => {
    const { registry, clock, busy } = setUp();
    const embedder = hashEmbedder();
    const first = registry.acquire({ name: 'a', embedder });
    await clock.advance(1_001);
    // Its embedder may be closed.
    const second = registry.acquire({ name: 'a', embedder: hashEmbedder() });
    expect(second).not.toBe(first);
    await clock.advance(1_001);
    busy.add('a');
    expect(() => registry.acquire(options)).toThrow(
      expect.objectContaining({ code: 'embedder-mismatch' }),
    );
    busy.delete('a');
    expect(registry.acquire(options)).not.toBe(second);
  });

  test('two users: the last one out starts the grace period', async () => {
    const { registry, clock, suspended } = setUp();
    const index = registry.acquire(options);
    const first = registry.retain(index);
    const second = registry.retain(index);
    first();
    first();
    await clock.advance(5_000);
    expect(suspended).toEqual([]);
    second();
    await clock.advance(1_001);
    expect(suspended).toEqual(['a']);
  });

  test('acquired in a render that came to nothing, it is let go', async () => {
    const { registry, clock, suspended } = setUp();
    registry.acquire(options);
    await clock.advance(1_001);
    expect(suspended).toEqual(['a']);
  });

  test('let go between render and effect, it takes its place again', async () => {
    const { registry, clock, suspended } = setUp();
    const index = registry.acquire(options);
    await clock.advance(1_001);
    registry.retain(index);
    await clock.advance(5_000);
    expect(suspended).toEqual(['a']);
    expect(registry.acquire(options)).toBe(index);
    expect(index.status.get().state).toBe('idle');
  });

  test('an insert outlives the component that began it', async () => {
    const { registry, clock, suspended, busy } = setUp();
    registry.retain(registry.acquire(options))();
    busy.add('a');
    await clock.advance(10_000);
    expect(suspended).toEqual([]);
    busy.delete('a');
    await clock.advance(1_001);
    expect(suspended).toEqual(['a']);
  });

  test('what only the memory of its worker holds is there after any time', async () => {
    const { registry, clock, suspended, onlyCopies } = setUp();
    const index = registry.acquire(options);
    registry.retain(index)();
    onlyCopies.add('a');
    await clock.advance(100_000);
    expect(suspended).toEqual([]);
    expect(registry.acquire(options)).toBe(index);
    onlyCopies.delete('a');
    await clock.advance(1_001);
    expect(suspended).toEqual(['a']);
  });

  test('a closed index makes room for another', async () => {
    const { registry } = setUp();
    const index = registry.acquire(options);
    const closing = index.close();
    const next = registry.acquire(options);
    expect(next).not.toBe(index);
    await closing;
    expect(registry.acquire(options)).toBe(next);
    const destroyed = next.destroy().catch(() => undefined);
    expect(registry.acquire(options)).not.toBe(next);
    await destroyed;
  });

  test('what contradicts the index in use is a typed error', () => {
    const { registry } = setUp();
    const embedder = hashEmbedder();
    registry.acquire({ name: 'e', embedder });
    const code = (given: object) => {
      try {
        registry.acquire({ name: 'e', embedder, ...given });
        return null;
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    expect(code({ embedder: hashEmbedder() })).toBeNull();
    expect(code({ embedder: { ...embedder, id: 'other' } })).toBe('embedder-mismatch');
    expect(code({ embedder: undefined, dimensions: 64 })).toBe('embedder-mismatch');
    expect(code({ metric: 'l2' })).toBe('invalid-input');
    expect(code({ storage: 'memory' })).toBe('invalid-input');
    expect(code({ durability: 'relaxed' })).toBe('invalid-input');
    registry.acquire(options);
    expect(() => registry.acquire({ ...options, dimensions: 3 })).toThrowError(
      expect.objectContaining({ code: 'dimension-mismatch' }),
    );
  });
});

describe('on a server', () => {
  test('an index can be made and looked at, and says what is missing when used', async () => {
    const index = createVectorIndex({ name: 'ssr', embedder: hashEmbedder() });
    expect(index.status.get()).toMatchObject({ state: 'idle', documentCount: 0 });
    await expect(index.ready()).rejects.toMatchObject({ code: 'unsupported' });
    await expect(index.search('x')).rejects.toMatchObject({ code: 'unsupported' });
    expect(index.status.get()).toMatchObject({ state: 'error' });
    expect(await index.persist()).toBe(false);
    await index.close();
    await expect(index.search('x')).rejects.toMatchObject({ code: 'closed' });
  });

  test.each([
    [{ name: '', dimensions: 2 }, 'invalid-input'],
    [{ name: 'x' }, 'invalid-input'],
    [{ name: 'x', dimensions: 0 }, 'invalid-input'],
    [{ name: 'x', dimensions: 2.5 }, 'invalid-input'],
    [{ name: 'x', dimensions: 3, embedder: hashEmbedder() }, 'dimension-mismatch'],
    [{ name: 'x', dimensions: 3, metric: 'euclid' as never }, 'invalid-input'],
    [{ name: 'x', dimensions: 3, durability: 'eventual' as never }, 'invalid-input'],
  ])('options %j are refused at once', (given, code) => {
    expect(() => createVectorIndex(given)).toThrowError(expect.objectContaining({ code }));
  });

  describe('of encrypted indexes', () => {
    const encrypted = (passphrase: string) => ({ ...options, encryption: { passphrase } });

    test('one passphrase a name, however often it is written inline', () => {
      const { registry, open } = setUp();
      const index = registry.acquire(encrypted('a'));
      expect(registry.acquire(encrypted('a'))).toBe(index);
      registry.retain(index);
      open.add('a');
      for (const other of [encrypted('b'), options]) {
        expect(() => registry.acquire(other)).toThrow(
          expect.objectContaining({ code: 'invalid-input' }),
        );
      }
    });

    test('after a wrong one another may be tried', () => {
      const { registry, suspended, fail } = setUp();
      const wrong = registry.acquire(encrypted('wrong'));
      const release = registry.retain(wrong);
      fail(wrong.name, 'wrong-key');
      // The same again is the same, and no loop of tries.
      expect(registry.acquire(encrypted('wrong'))).toBe(wrong);
      const right = registry.acquire(encrypted('right'));
      expect(right).not.toBe(wrong);
      expect(suspended).toEqual(['a']);
      release();
      expect(registry.acquire(encrypted('right'))).toBe(right);
    });

    test.each([
      ['that nobody uses any more', ({ open }: ReturnType<typeof setUp>) => open.add('a')],
      [
        'that is not open yet',
        ({ registry }: ReturnType<typeof setUp>) =>
          registry.retain(registry.acquire(encrypted('a'))),
      ],
    ])('an index %s may be tried with another', (_, prepare) => {
      const made = setUp();
      const first = made.registry.acquire(encrypted('a'));
      prepare(made);
      const second = made.registry.acquire(encrypted('b'));
      expect(second).not.toBe(first);
      expect(made.suspended).toEqual(['a']);
      expect(made.registry.acquire(encrypted('b'))).toBe(second);
    });

    test('but not what works, or what only its memory holds', () => {
      const { registry, open, busy, onlyCopies } = setUp();
      registry.acquire(encrypted('a'));
      open.add('a');
      for (const held of [busy, onlyCopies]) {
        held.add('a');
        expect(() => registry.acquire(encrypted('b'))).toThrow(
          expect.objectContaining({ code: 'invalid-input' }),
        );
        held.delete('a');
      }
      expect(() => registry.acquire(encrypted('b'))).not.toThrow();
    });

    test('what is no passphrase and no key is refused at once', async () => {
      const { registry } = setUp();
      const tooShort = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, false, [
        'encrypt',
        'decrypt',
      ]);
      const half = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
        'encrypt',
      ]);
      const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
        'encrypt',
        'decrypt',
      ]);
      const given = [{}, { passphrase: '' }, { key: tooShort }, { key: half }, { key: {} }];
      for (const encryption of [...given, { passphrase: 'x', key }]) {
        expect(() => registry.acquire({ ...options, encryption: encryption as never })).toThrow(
          expect.objectContaining({ code: 'invalid-input' }),
        );
      }
      expect(registry.acquire({ ...options, encryption: { key } }).name).toBe('a');
    });
  });
});
