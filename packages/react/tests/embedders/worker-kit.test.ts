import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { VectorIndexError } from '../../src/core/errors.ts';
import type { Embedder, EmbedderStatus } from '../../src/core/types.ts';
import { createWorkerEmbedder, readableStart, serveEmbedder } from '../../src/embedders/worker.ts';
import type { EmbedderModel, WorkerEmbedderOptions } from '../../src/embedders/worker.ts';
import { fakeWorker } from './fixtures/fake-worker.ts';
import type { FakeWorker } from './fixtures/fake-worker.ts';

// For machines with other work to do.
vi.setConfig({ testTimeout: 30_000 });

const opened: Embedder[] = [];
afterEach(() => {
  for (const embedder of opened.splice(0)) embedder.close?.();
});

interface Harness {
  readonly embedder: Required<Embedder>;
  readonly workers: FakeWorker[];
  /** What the model was given, in order. */
  readonly embedded: string[];
}

const vectorOf = (text: string) => Float32Array.of(text.length, 1);

function harness({
  model = {},
  options = {},
  serve = true,
}: {
  model?: Partial<EmbedderModel<unknown>> & {
    embed?: (text: string) => Promise<Float32Array<ArrayBuffer>> | Float32Array<ArrayBuffer>;
  };
  options?: Partial<WorkerEmbedderOptions>;
  serve?: boolean;
} = {}): Harness {
  const workers: FakeWorker[] = [];
  const embedded: string[] = [];
  const embedder = createWorkerEmbedder({
    id: 'fake',
    dimensions: 2,
    createWorker: () => {
      const fake = fakeWorker((port) => {
        if (!serve) return;
        serveEmbedder(
          {
            load: async (init, context) => {
              await model.load?.(init, context);
              return {
                embed: async (text) => {
                  embedded.push(text);
                  const vector = await (model.embed ?? vectorOf)(text);
                  return { vector, truncated: text.length > 10 };
                },
              };
            },
          },
          port,
        );
      });
      workers.push(fake);
      return fake.worker;
    },
    ...options,
  });
  opened.push(embedder);
  return { embedder, workers, embedded };
}

const failure = async (promise: Promise<unknown>): Promise<VectorIndexError> => {
  try {
    await promise;
  } catch (error) {
    expect(error).toBeInstanceOf(VectorIndexError);
    return error as VectorIndexError;
  }
  throw new Error('expected a rejection');
};

const slowly = (ms: number) => async (text: string) => {
  await sleep(ms);
  return vectorOf(text);
};

function statesOf(embedder: Required<Embedder>): EmbedderStatus[] {
  const states: EmbedderStatus[] = [];
  embedder.status.subscribe(() => states.push(embedder.status.get()));
  return states;
}

describe('embedding', () => {
  it('starts nothing before the first call, and one worker for all calls', async () => {
    const { embedder, workers } = harness();
    expect(embedder.status.get()).toEqual({ state: 'idle' });
    await sleep(5);
    expect(workers).toHaveLength(0);
    expect(await embedder.embed([], { purpose: 'query' })).toEqual([]);
    expect(workers).toHaveLength(0);
    const [a, b] = await Promise.all([
      embedder.embed(['a', 'bb', ''], { purpose: 'document' }),
      embedder.embed(['a long long text'], { purpose: 'query' }),
      embedder.load(),
    ]);
    expect(workers).toHaveLength(1);
    expect(a.map(({ vector }) => vector[0])).toEqual([1, 2, 0]);
    expect(a.map(({ truncated }) => truncated)).toEqual([false, false, false]);
    expect(b[0]!.truncated).toBe(true);
    expect(embedder.status.get()).toEqual({ state: 'ready' });
  });

  it('hands over what init gives, and says when it cannot be sent', async () => {
    const seen: unknown[] = [];
    const model = { load: (init: unknown) => Promise.resolve(seen.push(init) as never) };
    await harness({ model, options: { init: { url: 'x' } } }).embedder.load();
    await harness({ model, options: { init: () => ({ url: 'y' }) } }).embedder.load();
    expect(seen).toEqual([{ url: 'x' }, { url: 'y' }]);
    const functions = harness({ options: { init: { callback() {} } } });
    expect((await failure(functions.embedder.load())).code).toBe('invalid-input');
    const throwing = harness({
      options: {
        init: () => new URL('/relative', 'nowhere'),
      },
    });
    expect((await failure(throwing.embedder.load())).code).toBe('invalid-input');
    expect(throwing.workers).toHaveLength(0);
  });

  it('lets queries overtake documents, and documents keep their order', async () => {
    const { embedder, embedded } = harness({ model: { embed: slowly(3) } });
    await embedder.load();
    const documents = Array.from({ length: 50 }, (_, i) => `d${i}`);
    const many = embedder.embed(documents, { purpose: 'document' });
    await expect.poll(() => embedded.length, { timeout: 30_000 }).toBeGreaterThan(3);
    const before = embedded.length;
    await embedder.embed(['q1', 'q2'], { purpose: 'query' });
    expect(embedded.indexOf('q1')).toBeLessThanOrEqual(before + 1);
    expect(embedded.indexOf('q2')).toBe(embedded.indexOf('q1') + 1);
    expect(embedded.length).toBeLessThan(50);
    await many;
    expect(embedded.filter((text) => text.startsWith('d'))).toEqual(documents);
  });

  it('is not confused by the array changing, nor by strangers talking', async () => {
    const { embedder, workers } = harness();
    const texts = ['a', 'bb'];
    const embeddings = embedder.embed(texts, { purpose: 'document' });
    texts.length = 0;
    for (const data of [null, 'text', 7, {}, { type: 1 }, { type: 'unknown' }]) {
      workers[0]!.chatter(data);
      workers[0]!.worker.postMessage(data);
    }
    expect(await embeddings).toHaveLength(2);
  });

  it('leaves the memory that a vector is a view on where it is', async () => {
    const memory = new Float32Array(100).fill(1);
    const { embedder } = harness({ model: { embed: () => memory.subarray(10, 12) } });
    const [embedding] = await embedder.embed(['a'], { purpose: 'query' });
    expect(embedding!.vector.buffer.byteLength).toBe(8);
    expect(memory).toHaveLength(100);
  });
});

describe('long texts', () => {
  it('are looked at only as far as a model reads', () => {
    const seen: number[] = [];
    const start = readableStart('x'.repeat(1_000_000), 100, (part) => {
      seen.push(part.length);
      return part.length >= 1000;
    });
    expect(start).toHaveLength(1600);
    expect(seen).toEqual([100, 400, 1600]);
    const all = () => false;
    expect(readableStart('short', 100, all)).toBe('short');
    expect(readableStart('x'.repeat(1000), 100, all)).toHaveLength(1000);
    expect(readableStart('x'.repeat(1000), Infinity, all)).toHaveLength(1000);
  });
});

describe('cancelling', () => {
  it('takes waiting texts out of the queue and leaves the others', async () => {
    const { embedder, embedded } = harness({ model: { embed: slowly(2) } });
    const stop = new AbortController();
    const many = embedder.embed(
      Array.from({ length: 200 }, (_, i) => `no ${i}`),
      { purpose: 'document', signal: stop.signal },
    );
    const other = embedder.embed(['yes'], { purpose: 'document' });
    await expect.poll(() => embedded.length, { timeout: 30_000 }).toBeGreaterThan(2);
    stop.abort();
    expect((await failure(many)).code).toBe('aborted');
    expect((await other)[0]!.vector[0]).toBe(3);
    expect(embedded.length).toBeLessThan(100);
    expect(
      (await failure(embedder.embed(['x'], { purpose: 'query', signal: stop.signal }))).code,
    ).toBe('aborted');
    expect((await failure(embedder.load({ signal: stop.signal }))).code).toBe('aborted');
  });

  it('keeps the model loading when only a text is given up', async () => {
    let loads = 0;
    const { embedder, workers } = harness({
      model: { load: () => sleep(30).then(() => void loads++ as never) },
    });
    for (let key = 0; key < 5; key++) {
      const stop = new AbortController();
      const typed = embedder.embed(['typing'], { purpose: 'query', signal: stop.signal });
      await sleep(2);
      stop.abort();
      await failure(typed);
    }
    await embedder.load();
    expect(workers).toHaveLength(1);
    expect(loads).toBe(1);
  });

  it('stops a load that nobody else waits for, and loads again', async () => {
    const { embedder, workers } = harness({ model: { load: () => sleep(30) as never } });
    const states = statesOf(embedder);
    const stop = new AbortController();
    const load = embedder.load({ signal: stop.signal });
    await sleep(5);
    stop.abort();
    expect((await failure(load)).code).toBe('aborted');
    expect(workers[0]!.terminated).toBe(true);
    expect(embedder.status.get()).toEqual({ state: 'idle' });
    await embedder.load();
    expect(workers).toHaveLength(2);
    expect(states.map(({ state }) => state)).toEqual(['loading', 'idle', 'loading', 'ready']);
  });

  it('goes on loading for those who still wait', async () => {
    const { embedder, workers } = harness({ model: { load: () => sleep(20) as never } });
    const stop = new AbortController();
    const given = embedder.load({ signal: stop.signal });
    const kept = embedder.load();
    const text = embedder.embed(['text'], { purpose: 'query' });
    stop.abort();
    expect((await failure(given)).code).toBe('aborted');
    await kept;
    await text;
    expect(workers).toHaveLength(1);
  });
});

describe('progress', () => {
  it('is throttled, never goes back, and ends with everything', async () => {
    const { embedder } = harness({
      model: {
        load: async (_, { onProgress }) => {
          for (let i = 1; i <= 300; i++) {
            onProgress(i, i < 100 ? null : 300);
            if (i === 150) onProgress(20, 300);
            await sleep(1);
          }
          return undefined as never;
        },
      },
    });
    const states = statesOf(embedder);
    const began = performance.now();
    await embedder.load();
    const loading = states.filter((status) => status.state === 'loading');
    expect(loading.length).toBeGreaterThan(2);
    expect(loading.length).toBeLessThan(5 + (performance.now() - began) / 100);
    loading.reduce((last, { loadedBytes }) => {
      expect(loadedBytes).toBeGreaterThanOrEqual(last);
      return loadedBytes;
    }, 0);
    expect(loading.at(-1)).toEqual({ state: 'loading', loadedBytes: 300, totalBytes: 300 });
    expect(states.at(-1)).toEqual({ state: 'ready' });
  });

  it('may be answered by another call without a second worker', async () => {
    const { embedder, workers } = harness();
    embedder.status.subscribe(() => void embedder.load().catch(() => {}));
    await embedder.embed(['a'], { purpose: 'query' });
    expect(workers).toHaveLength(1);
  });
});

describe('failures', () => {
  it('of a load are typed, told to all who wait, and can be retried', async () => {
    let broken = true;
    const { embedder, workers } = harness({
      model: {
        load: () => {
          if (broken) throw new Error('no such file');
          return Promise.resolve(undefined as never);
        },
      },
    });
    const [load, text] = await Promise.all([
      failure(embedder.load()),
      failure(embedder.embed(['a secret'], { purpose: 'document' })),
    ]);
    expect(load.code).toBe('embed-failed');
    expect(text.code).toBe('embed-failed');
    expect(String(load.cause)).toContain('no such file');
    expect(embedder.status.get()).toEqual({ state: 'error', error: load });
    expect(workers[0]!.terminated).toBe(true);
    broken = false;
    await embedder.embed(['a'], { purpose: 'document' });
    expect(embedder.status.get()).toEqual({ state: 'ready' });
  });

  it.each([
    ['csp', 'CompileError: Refused to compile: violates the Content Security Policy directive'],
    ['csp', "call to eval blocked: 'unsafe-eval' is not an allowed source"],
    ['csp', 'CompileError: call to WebAssembly.Module() blocked by CSP'],
    ['wasm-load', 'no available backend found. ERR: [wasm] CompileError: expected magic word'],
    ['out-of-memory', 'RangeError: WebAssembly.Memory(): could not allocate memory'],
    ['embed-failed', 'something else'],
  ])('of a load become %s', async (code, message) => {
    const { embedder } = harness({ model: { load: () => Promise.reject(new Error(message)) } });
    expect((await failure(embedder.load())).code).toBe(code);
  });

  it('of a text reject its call only, and never tell the text', async () => {
    const { embedder, workers, embedded } = harness({
      model: {
        embed: (text) => {
          if (text.startsWith('bad')) throw new TypeError(`cannot read "${text}"`);
          return vectorOf(text);
        },
      },
    });
    const [bad, good] = await Promise.all([
      failure(embedder.embed(['good', 'bad secret', 'never'], { purpose: 'document' })),
      embedder.embed(['fine'], { purpose: 'document' }),
    ]);
    expect(bad.code).toBe('embed-failed');
    expect(`${bad.message} ${String(bad.cause)} ${bad.stack}`).not.toContain('secret');
    expect(good).toHaveLength(1);
    expect(workers).toHaveLength(1);
    expect(embedder.status.get()).toEqual({ state: 'ready' });
    expect(embedded).toContain('fine');
  });

  it('of a model that trapped replace the worker', async () => {
    const { embedder, workers } = harness({
      model: {
        embed: async (text) => {
          if (text === 'trap') throw new WebAssembly.RuntimeError('unreachable');
          return slowly(1)(text);
        },
      },
    });
    const [trapped, behind] = await Promise.all([
      failure(embedder.embed(['trap'], { purpose: 'document' })),
      failure(embedder.embed(['behind'], { purpose: 'document' })),
    ]);
    expect(trapped.code).toBe('embed-failed');
    expect(behind.code).toBe('worker-lost');
    expect(workers[0]!.terminated).toBe(true);
    await embedder.embed(['again'], { purpose: 'document' });
    expect(workers).toHaveLength(2);
  });

  it('of a model without memory say so', async () => {
    const { embedder } = harness({
      model: {
        embed: () => {
          throw new RangeError('Out of memory');
        },
      },
    });
    expect((await failure(embedder.embed(['a'], { purpose: 'query' }))).code).toBe('out-of-memory');
  });

  it('of vectors are found', async () => {
    const wide = harness({ model: { embed: () => new Float32Array(3).fill(1) } });
    expect((await failure(wide.embedder.embed(['a'], { purpose: 'query' }))).code).toBe(
      'dimension-mismatch',
    );
    const odd = harness({ model: { embed: () => Float32Array.of(1, NaN) } });
    expect((await failure(odd.embedder.embed(['a'], { purpose: 'query' }))).code).toBe(
      'embed-failed',
    );
    const { embedder } = harness();
    expect((await failure(embedder.embed([1 as never], { purpose: 'query' }))).code).toBe(
      'invalid-input',
    );
  });
});

describe('workers that die', () => {
  it('by an error: what waits is rejected, the next call starts another', async () => {
    const { embedder, workers } = harness({ model: { embed: slowly(5) } });
    await embedder.load();
    const texts = embedder.embed(['a', 'b', 'c'], { purpose: 'document' });
    workers[0]!.fail('Uncaught');
    expect((await failure(texts)).code).toBe('worker-lost');
    expect(embedder.status.get().state).toBe('error');
    expect(await embedder.embed(['a'], { purpose: 'document' })).toHaveLength(1);
    expect(workers).toHaveLength(2);
    workers[1]!.fail('while nobody waits');
    expect(embedder.status.get()).toEqual({ state: 'idle' });
  });

  it('without a word: found by their silence', async () => {
    const { embedder, workers } = harness({
      model: { embed: slowly(500) },
      options: { silenceMs: 90 },
    });
    await embedder.load();
    // Nothing is owed: silence is fine.
    await sleep(150);
    expect(embedder.status.get()).toEqual({ state: 'ready' });
    const text = embedder.embed(['a'], { purpose: 'document' });
    workers[0]!.vanish();
    expect((await failure(text)).code).toBe('timeout');
    expect(workers[0]!.terminated).toBe(true);
  });

  it('are not suspected while they work on many texts', async () => {
    const { embedder, workers } = harness({
      model: { embed: slowly(20) },
      options: { silenceMs: 300 },
    });
    await embedder.embed(Array.from({ length: 20 }, String), { purpose: 'document' });
    expect(workers).toHaveLength(1);
  });

  it('before they start: a script error, and no word at all', async () => {
    const failing = harness({ serve: false });
    const load = failing.embedder.load();
    failing.workers[0]!.fail('SyntaxError: Unexpected token');
    const error = await failure(load);
    expect(error.code).toBe('worker-load');
    expect(String(error.cause)).toContain('Unexpected token');
    const silent = harness({ serve: false, options: { loadSilenceMs: 60 } });
    expect((await failure(silent.embedder.load())).code).toBe('worker-load');
    expect(silent.embedder.status.get().state).toBe('error');
  });

  it('while they load', async () => {
    const { embedder, workers } = harness({
      model: { load: () => new Promise(() => {}) },
      options: { loadSilenceMs: 60 },
    });
    expect((await failure(embedder.load())).code).toBe('timeout');
    expect(workers[0]!.terminated).toBe(true);
  });

  it('are not there at all on a server', async () => {
    const embedder = createWorkerEmbedder({
      id: 'x',
      dimensions: 2,
      createWorker: () => new Worker(new URL('./worker.js', import.meta.url)),
    });
    expect((await failure(embedder.embed(['a'], { purpose: 'query' }))).code).toBe('unsupported');
    expect((await failure(embedder.load())).code).toBe('unsupported');
    expect(embedder.status.get().state).toBe('error');
  });
});

describe('closing', () => {
  it('settles everything, and does not prevent starting again', async () => {
    const { embedder, workers } = harness({ model: { load: () => sleep(20) as never } });
    embedder.close();
    const waiting = [embedder.load(), embedder.embed(['a'], { purpose: 'query' })];
    embedder.close();
    for (const promise of waiting) expect((await failure(promise)).code).toBe('closed');
    expect(workers[0]!.terminated).toBe(true);
    expect(embedder.status.get()).toEqual({ state: 'idle' });
    expect(await embedder.embed(['a'], { purpose: 'query' })).toHaveLength(1);
  });
});

/** Small and seeded, so that a failure can be run again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'settles every promise, whatever happens (seed %i)',
  async (seed) => {
    const next = random(seed);
    const { embedder, workers } = harness({
      model: {
        load: () =>
          sleep(next() * 6).then(() => {
            if (next() < 0.2) throw new Error('load');
            return undefined as never;
          }),
        embed: async (text) => {
          await sleep(next() * 3);
          if (next() < 0.03) throw new WebAssembly.RuntimeError('unreachable');
          if (next() < 0.05) throw new Error('text');
          return vectorOf(text);
        },
      },
      options: { silenceMs: 60, loadSilenceMs: 60 },
    });
    const codes = new Map<string, number>();
    const settled: Promise<void>[] = [];
    const watch = (promise: Promise<unknown>) => {
      const note = (code: string) => void codes.set(code, (codes.get(code) ?? 0) + 1);
      settled.push(
        promise.then(
          () => note('ok'),
          (error: VectorIndexError) => note(error.code),
        ),
      );
    };
    for (let step = 0; step < 150; step++) {
      const stop = new AbortController();
      const dice = next();
      if (dice < 0.6) {
        const texts = Array.from({ length: Math.floor(next() * 6) }, (_, i) => `${step} ${i}`);
        const purpose = next() < 0.3 ? 'query' : 'document';
        watch(embedder.embed(texts, { purpose, signal: stop.signal }));
      } else if (dice < 0.75) watch(embedder.load({ signal: stop.signal }));
      else if (dice < 0.79) embedder.close();
      else if (dice < 0.83) workers.at(-1)?.vanish();
      else if (dice < 0.86) workers.at(-1)?.fail('Uncaught');
      if (next() < 0.3) void sleep(next() * 10).then(() => stop.abort());
      await sleep(next() * 4);
    }
    await Promise.all(settled);
    expect(codes.get('ok')).toBeGreaterThan(0);
    expect(codes.size).toBeGreaterThan(2);
    // Nothing is left behind: it works as on the first day.
    for (let tries = 0; tries < 50; tries++) {
      if (
        await embedder.embed(['last'], { purpose: 'query' }).then(
          () => true,
          () => false,
        )
      )
        return;
    }
    throw new Error('it never recovered');
  },
);
