import { describe, expect, test } from 'vitest';
import { SIMD_MODULE } from '../../src/core/simd.ts';
import { hashEmbedder } from '../../src/testing/hash-embedder.ts';
import { countingEmbedder, numberedVector, openTestIndex, sleep } from './test-index.ts';

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => ({
    id: `d${from + n}`,
    vector: numberedVector(from + n, 8),
  }));

/** Notices a dead worker after half a second. */
const IMPATIENT = { tickMs: 100 };

describe('a worker that is killed', () => {
  test('in the middle of inserts loses nothing acknowledged, and does each write once', async () => {
    const index = openTestIndex({ dimensions: 8 }, IMPATIENT);
    const acknowledged: string[] = [];
    const writer = (async () => {
      for (let at = 0; at < 40; at++) {
        const documents = numbered(at * 10, at * 10 + 10);
        const result = await index.insert(documents);
        // Never `updated`: a write that was done before its worker died is not done again.
        expect(result).toEqual({ inserted: 10, updated: 0, unchanged: 0, truncated: [] });
        acknowledged.push(...documents.map(({ id }) => id));
        if (at === 10 || at === 25) {
          // In flight when it happens.
          setTimeout(() => index.workers.kill(), 1);
        }
      }
    })();
    await writer;
    expect(index.workers.all.length).toBe(3);
    expect(await index.count()).toBe(400);
    const { revision } = index.status.get();
    expect(revision).toBe(40);
    const stored = (await index.list({ limit: 1_000 })).map(({ id }) => id);
    expect(stored.sort()).toEqual(acknowledged.sort());
    for (const at of [0, 110, 255, 399]) {
      expect((await index.search(numberedVector(at, 8), { k: 1 })).hits[0]?.id).toBe(`d${at}`);
    }
  }, 40_000);

  test('while texts are embedded goes unnoticed by the insert', async () => {
    const base = hashEmbedder();
    const embedder = countingEmbedder({
      ...base,
      async embed(texts, options) {
        await sleep(5);
        return base.embed(texts, options);
      },
    });
    const index = openTestIndex({ embedder }, IMPATIENT);
    const documents = Array.from({ length: 200 }, (_, n) => ({ id: `d${n}`, text: `text ${n}` }));
    let isKilled = false;
    const result = await index.insert(documents, {
      onProgress({ done }) {
        if (done < 64 || isKilled) return;
        isKilled = true;
        index.workers.kill();
      },
    });
    expect(result).toMatchObject({ inserted: 200, updated: 0 });
    expect(embedder.documents).toHaveLength(200);
    expect(await index.count()).toBe(200);
  }, 40_000);

  test('with a search in flight rejects it, and answers the next', async () => {
    const index = openTestIndex({ dimensions: 8 }, IMPATIENT);
    await index.insert(numbered(0, 10));
    index.workers.kill();
    await expect(index.search(numberedVector(1, 8))).rejects.toMatchObject({
      code: 'worker-lost',
    });
    expect((await index.search(numberedVector(1, 8))).hits[0]?.id).toBe('d1');
  }, 20_000);

  test('by an error of its own is replaced at once', async () => {
    const index = openTestIndex({ dimensions: 8 }, IMPATIENT);
    await index.insert(numbered(0, 10));
    index.workers.all[0]?.dispatchEvent(new ErrorEvent('error', { message: 'boom' }));
    expect(await index.count()).toBe(10);
    expect(index.workers.all).toHaveLength(2);
  });
});

describe('two tabs', () => {
  test('see what the other wrote, replaced and removed', async () => {
    const one = openTestIndex({ dimensions: 8 });
    const two = openTestIndex({ name: one.name, dimensions: 8 });
    await Promise.all([one.ready(), two.ready()]);
    await one.insert(numbered(0, 20));
    await expect.poll(() => two.status.get().documentCount).toBe(20);
    expect((await two.search(numberedVector(3, 8), { k: 1 })).hits[0]?.id).toBe('d3');

    await two.insert({ id: 'd3', vector: numberedVector(777, 8) });
    await two.remove('d4');
    await expect.poll(() => one.status.get().revision).toBe(two.status.get().revision);
    expect((await one.search(numberedVector(777, 8), { k: 1 })).hits[0]?.id).toBe('d3');
    expect(
      (await one.search(numberedVector(4, 8), { k: 50 })).hits.map(({ id }) => id),
    ).not.toContain('d4');
  });

  test('writing at the same time lose nothing and converge', async () => {
    const one = openTestIndex({ dimensions: 8 });
    const two = openTestIndex({ name: one.name, dimensions: 8 });
    const write = async (index: typeof one, from: number) => {
      for (let at = from; at < from + 100; at += 5) {
        await index.insert(numbered(at, at + 5));
        // What was acknowledged here is visible here.
        const { hits } = await index.search(numberedVector(at, 8), { k: 1 });
        expect(hits[0]?.id).toBe(`d${at}`);
      }
    };
    await Promise.all([write(one, 0), write(two, 1_000)]);
    for (const index of [one, two]) {
      await expect.poll(() => index.count()).toBe(200);
      expect(index.status.get().revision).toBe(40);
    }
    const found = await Promise.all(
      [one, two].map(async (index) =>
        (await index.search(numberedVector(5, 8), { k: 200 })).hits.map(({ id }) => id),
      ),
    );
    expect(found[0]).toEqual(found[1]);
    expect(found[0]).toHaveLength(200);
  });

  test('a text that one tab changed is embedded again by the other', async () => {
    const one = openTestIndex();
    await one.insert({ id: 'a', text: 'old text', metadata: { v: 1 } });
    const embedder = countingEmbedder();
    const two = openTestIndex({ name: one.name, embedder });
    await two.ready();
    await one.insert({ id: 'a', text: 'new text' });
    await two.insert({ id: 'a', text: 'old text', metadata: { v: 2 } });
    expect(embedder.documents).toEqual(['old text']);
    expect((await one.search('old text', { k: 1 })).hits[0]).toMatchObject({
      text: 'old text',
      metadata: { v: 2 },
    });
  });

  test('one that destroys the index ends the other, typed; it can start anew', async () => {
    const one = openTestIndex({ dimensions: 8 });
    const two = openTestIndex({ name: one.name, dimensions: 8 });
    await one.insert(numbered(0, 20));
    await two.ready();
    await one.destroy();
    await expect.poll(() => two.status.get().error?.code).toBe('storage-lost');
    await two.ready();
    expect(await two.count()).toBe(0);
    await two.insert(numbered(0, 2));
    expect(await two.count()).toBe(2);
  });
});

describe('what cannot start', () => {
  test('names a worker script that is not there', async () => {
    const index = openTestIndex({
      dimensions: 2,
      createWorker: () => new Worker('/no-such-worker.js', { type: 'module' }),
    });
    await expect(index.ready()).rejects.toMatchObject({
      code: 'worker-load',
      what: expect.stringContaining('status 404') as string,
    });
    await expect(index.search(Float32Array.of(1, 0))).rejects.toMatchObject({
      code: 'worker-load',
    });
    expect(index.status.get()).toMatchObject({ state: 'error', error: { code: 'worker-load' } });
  });

  test('names a worker script of another origin', async () => {
    const index = openTestIndex({
      dimensions: 2,
      createWorker: () => new Worker('http://localhost:1/worker.js', { type: 'module' }),
    });
    await expect(index.ready()).rejects.toMatchObject({
      code: 'worker-load',
      what: expect.stringContaining('another origin') as string,
    });
  });

  test('names a worker that throws', async () => {
    const index = openTestIndex({
      dimensions: 2,
      createWorker: () =>
        new Worker(
          URL.createObjectURL(new Blob(['throw new Error("broken")'], { type: 'text/javascript' })),
          {
            type: 'module',
          },
        ),
    });
    await expect(index.ready()).rejects.toMatchObject({
      code: 'worker-load',
      what: expect.stringContaining('broken') as string,
    });
  });

  test('names a worker script that is something else', async () => {
    const { Worker: before } = globalThis;
    const index = openTestIndex({
      dimensions: 2,
      createWorker: () => new Worker('/package.json?key=secret', { type: 'module' }),
    });
    const error = await index.ready().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'worker-load',
      what: expect.stringContaining('came as application/json, which is not JavaScript') as string,
    });
    expect(String(error)).not.toContain('secret');
    expect(globalThis.Worker).toBe(before);
  });

  const broken = 'could not be compiled';
  test.each([
    ['no module', {}, 'invalid-input', 'is no WebAssembly.Module'],
    [
      'a module of something else',
      () => WebAssembly.compile(SIMD_MODULE),
      'wasm-load',
      'is not that of this version',
    ],
    [
      'bytes that do not compile',
      () => WebAssembly.compile(new Uint8Array(8)),
      'wasm-load',
      broken,
    ],
    ['a rejected promise', () => Promise.reject(new Error('offline')), 'wasm-load', broken],
  ])('names %s in the place of the engine', async (_, wasmModule, code, what) => {
    const index = openTestIndex({ dimensions: 2, wasmModule });
    await expect(index.ready()).rejects.toMatchObject({
      code,
      what: expect.stringContaining(what) as string,
    });
  });

  test.each([
    ['a WASM file that is not there', '/no-such-engine.wasm'],
    ['a WASM file that is something else', '/package.json'],
    ['a WASM file on a server that is not there', 'http://localhost:1/engine.wasm'],
  ])('names %s', async (_, wasmUrl) => {
    const index = openTestIndex({ dimensions: 2, wasmUrl });
    await expect(index.ready()).rejects.toMatchObject({ code: 'wasm-load' });
  });

  test('names a policy that forbids workers', async () => {
    const policy = document.createElement('meta');
    policy.httpEquiv = 'Content-Security-Policy';
    policy.content = "worker-src 'none'";
    const frame = document.createElement('iframe');
    frame.srcdoc = '<!doctype html>';
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    const inner = frame.contentWindow as (Window & typeof globalThis) | null;
    frame.contentDocument?.head.append(policy);
    const index = openTestIndex({
      dimensions: 2,
      createWorker() {
        // The violation is reported to the frame's document: hand it on as the page's own.
        frame.contentDocument?.addEventListener('securitypolicyviolation', (event) => {
          document.dispatchEvent(
            new SecurityPolicyViolationEvent('securitypolicyviolation', {
              effectiveDirective: event.effectiveDirective,
              violatedDirective: event.violatedDirective,
              documentURI: event.documentURI,
              originalPolicy: event.originalPolicy,
              disposition: event.disposition,
              statusCode: 0,
            }),
          );
        });
        const { Worker: InnerWorker } = inner as Window & typeof globalThis;
        return new InnerWorker(`${location.origin}/no-such-worker.js`, { type: 'module' });
      },
    });
    await expect(index.ready()).rejects.toMatchObject({ code: 'csp' });
    frame.remove();
  });

  test('can be tried again', async () => {
    let isBroken = true;
    const good = openTestIndex({ dimensions: 2 });
    await good.ready();
    const index = openTestIndex({
      name: good.name,
      dimensions: 2,
      createWorker: () =>
        isBroken
          ? new Worker('/no-such-worker.js', { type: 'module' })
          : new Worker(new URL('../../src/worker/entry.ts', import.meta.url), { type: 'module' }),
    });
    await expect(index.ready()).rejects.toMatchObject({ code: 'worker-load' });
    isBroken = false;
    await index.ready();
    expect(index.status.get()).toMatchObject({ state: 'ready', error: null });
  });
});

test('the browser says what it makes of the storage', async () => {
  const index = openTestIndex({ dimensions: 8 });
  expect(index.status.get().storage.usageBytes).toBeNull();
  await index.insert(numbered(0, 10));
  await expect.poll(() => index.status.get().storage.usageBytes).toBeGreaterThan(0);
  expect(typeof (await index.persist())).toBe('boolean');
  expect(index.status.get().storage.persisted).not.toBeNull();
});
