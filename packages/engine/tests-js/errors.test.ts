import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Engine, EngineErrorCode, Index } from '../js/node.ts';
import { EngineError, loadEngine } from '../js/node.ts';
import { Instance } from '../js/instance.ts';
import { compileSource } from '../js/wasm-source.ts';

let engine: Engine;
let index: Index;
beforeAll(async () => {
  engine = await loadEngine();
  index = engine.createIndex({ dimensions: 3 });
  index.add(Float32Array.of(1, 0, 0, 0, 1, 0));
});

const unit = Float32Array.of(1, 0, 0);
/** Passes anything, as JavaScript does. */
const any = (value: unknown) => value as never;

const hostile: [string, EngineErrorCode, () => unknown][] = [
  ['no options', 'invalid-input', () => engine.createIndex(any(undefined))],
  ['no dimensions', 'invalid-input', () => engine.createIndex(any({}))],
  ['0 dimensions', 'invalid-input', () => engine.createIndex({ dimensions: 0 })],
  ['4097 dimensions', 'invalid-input', () => engine.createIndex({ dimensions: 4097 })],
  ['half a dimension', 'invalid-input', () => engine.createIndex({ dimensions: 1.5 })],
  ['dimensions in words', 'invalid-input', () => engine.createIndex({ dimensions: any('3') })],
  ['m of 1', 'invalid-input', () => engine.createIndex({ dimensions: 3, m: 1 })],
  ['m of NaN', 'invalid-input', () => engine.createIndex({ dimensions: 3, m: NaN })],
  ['efSearch of 0', 'invalid-input', () => engine.createIndex({ dimensions: 3, efSearch: 0 })],
  ['a negative seed', 'invalid-input', () => engine.createIndex({ dimensions: 3, seed: -1 })],
  [
    'a strange metric',
    'invalid-input',
    () => engine.createIndex({ dimensions: 3, metric: any('L2') }),
  ],
  [
    'too great a capacity',
    'out-of-memory',
    () => engine.createIndex({ dimensions: 4096, capacity: 2 ** 30 }),
  ],

  ['add(undefined)', 'invalid-input', () => index.add(any(undefined))],
  ['add([…])', 'invalid-input', () => index.add(any([1, 2, 3]))],
  ['add(Float64Array)', 'invalid-input', () => index.add(any(new Float64Array(3)))],
  ['add of another length', 'dimension-mismatch', () => index.add(new Float32Array(4).fill(1))],
  ['add(NaN)', 'invalid-input', () => index.add(Float32Array.of(1, 1, 1, 1, NaN, 1))],
  ['add(Infinity)', 'invalid-input', () => index.add(Float32Array.of(1, 1, -Infinity))],
  ['add(zeros)', 'invalid-input', () => index.add(Float32Array.of(1, 1, 1, 0, 0, 0))],
  [
    'add a forged array',
    'invalid-input',
    () => index.add(any({ [Symbol.toStringTag]: 'Float32Array', length: 3 })),
  ],

  ['search(undefined)', 'invalid-input', () => index.search(any(undefined), { k: 1 })],
  ['search without options', 'invalid-input', () => index.search(unit, any(undefined))],
  ['search without k', 'invalid-input', () => index.search(unit, any({}))],
  ['k of NaN', 'invalid-input', () => index.search(unit, { k: NaN })],
  ['k of -1', 'invalid-input', () => index.search(unit, { k: -1 })],
  ['k of 1.5', 'invalid-input', () => index.search(unit, { k: 1.5 })],
  ['k of Infinity', 'invalid-input', () => index.search(unit, { k: Infinity })],
  ["k of '5'", 'invalid-input', () => index.search(unit, { k: any('5') })],
  ['k of 5n', 'invalid-input', () => index.search(unit, { k: any(5n) })],
  ['a short query', 'dimension-mismatch', () => index.search(new Float32Array(2), { k: 1 })],
  ['a long query', 'dimension-mismatch', () => index.search(new Float32Array(9e6), { k: 1 })],
  ['a query of NaN', 'invalid-input', () => index.search(Float32Array.of(NaN, 0, 0), { k: 1 })],
  ['a query of zeros', 'invalid-input', () => index.search(new Float32Array(3), { k: 1 })],
  ['efSearch of 5000', 'invalid-input', () => index.search(unit, { k: 1, efSearch: 5000 })],
  ['efSearch of 0', 'invalid-input', () => index.search(unit, { k: 1, efSearch: 0 })],
  ['exact of 1', 'invalid-input', () => index.search(unit, { k: 1, exact: any(1) })],
  [
    'a filter of bytes',
    'invalid-input',
    () => index.search(unit, { k: 1, filter: any(new Uint8Array(4)) }),
  ],
  ['a filter of null', 'invalid-input', () => index.search(unit, { k: 1, filter: any(null) })],

  ['remove(undefined)', 'invalid-input', () => index.remove(any(undefined))],
  ['remove(0)', 'invalid-input', () => index.remove(any(0))],
  ['remove([0, 0.5])', 'invalid-input', () => index.remove([0, 0.5])],
  ['remove([-1])', 'invalid-input', () => index.remove([-1])],
  ['remove([NaN])', 'invalid-input', () => index.remove([NaN])],
  ["remove(['0'])", 'invalid-input', () => index.remove(any(['0']))],
  ['remove({})', 'invalid-input', () => index.remove(any({}))],
  ['remove of endless length', 'invalid-input', () => index.remove({ length: 2 ** 53 })],
  ['vector(-1)', 'invalid-input', () => index.vector(-1)],
  ['maxWork of 0', 'invalid-input', () => index.buildStep({ maxWork: 0 })],
  ['maxWork of NaN', 'invalid-input', () => index.compact({ maxWork: NaN })],
  ['options of a step as a number', 'invalid-input', () => index.buildStep(any(5))],

  ['openIndex(undefined)', 'invalid-input', () => engine.openIndex(any(undefined))],
  ['openIndex(ArrayBuffer)', 'invalid-input', () => engine.openIndex(any(new ArrayBuffer(100)))],
  ['openIndex of nothing', 'corrupt', () => engine.openIndex(new Uint8Array(0))],
  ['openIndex of zeros', 'corrupt', () => engine.openIndex(new Uint8Array(1000))],
  ['openIndex of half', 'corrupt', () => engine.openIndex(index.snapshot().subarray(0, 200))],
];

describe('what cannot be answered is refused by name', () => {
  it.each(hostile)('%s: %s', (_, code, call) => {
    const before = index.snapshot();
    expect(call).toThrow(EngineError);
    expect(call).toThrow(expect.objectContaining({ code }));
    // Two sentences: what happened, and what to do.
    expect(call).toThrow(/^.+\. .+\.$/s);
    expect(index.snapshot()).toEqual(before);
    expect([...index.search(unit, { k: 5 }).slots]).toEqual([0, 1]);
  });
});

describe('the end of an index', () => {
  it('is told to every later call', () => {
    const freed = engine.createIndex({ dimensions: 3 });
    freed.free();
    freed.free();
    const calls = [
      () => freed.add(unit),
      () => freed.search(unit, { k: 1 }),
      () => freed.remove([0]),
      () => freed.buildStep(),
      () => freed.compact(),
      () => freed.snapshot(),
      () => freed.vector(0),
      () => freed.size,
      () => freed.memoryBytes,
    ];
    for (const call of calls) {
      expect(call).toThrow(expect.objectContaining({ code: 'closed' }));
    }
    expect(freed.dimensions).toBe(3);
  });

  it('may come while its arguments are read', () => {
    const freed = engine.createIndex({ dimensions: 3 });
    freed.add(unit);
    const slots = {
      length: 1,
      get 0() {
        freed.free();
        return 0;
      },
    };
    expect(() => freed.remove(slots)).toThrow(expect.objectContaining({ code: 'closed' }));
  });
});

describe('loading', () => {
  const wasm = new URL('../wasm/akin_engine_bg.wasm', import.meta.url);
  const bytes = async () => new Uint8Array(await readFile(wasm));
  const load = (source: unknown) => compileSource(() => any(source));
  const refuses = (source: unknown, code: EngineErrorCode, message?: RegExp) =>
    expect(load(source)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message ?? /^.+\. .+\.$/s) as string,
    });

  it('takes bytes, a buffer, a response of any type, and a module', async () => {
    const file = await bytes();
    const respond = (type: string) => new Response(file, { headers: { 'content-type': type } });
    const sources = [
      file,
      file.buffer.slice(file.byteOffset, file.byteOffset + file.length),
      respond('application/wasm'),
      respond('text/plain'),
      new Response(file),
      await WebAssembly.compile(file),
    ];
    for (const source of sources) expect(await load(source)).toBeInstanceOf(WebAssembly.Module);
  });

  it('fetches a URL', async () => {
    const file = await bytes();
    const fetched = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => Promise.resolve(new Response(file)));
    expect(await load('https://example.test/engine.wasm')).toBeInstanceOf(WebAssembly.Module);
    expect(fetched).toHaveBeenCalledOnce();
    fetched.mockRejectedValueOnce(new TypeError('fetch failed'));
    await refuses(new URL('https://example.test/engine.wasm'), 'wasm-load', /fetch failed/);
    fetched.mockRestore();
  });

  it('says why a module cannot be used', async () => {
    const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    await refuses(new Response('gone', { status: 404 }), 'wasm-load', /404/);
    await refuses(new Uint8Array(10), 'wasm-load');
    await refuses((await bytes()).subarray(0, 5000), 'wasm-load');
    await refuses(empty, 'wasm-load', /not that of this engine/);
    await refuses(5, 'invalid-input');
    await refuses(null, 'invalid-input');
    const csp = new Error("'unsafe-eval' is not allowed by the Content Security Policy");
    const compile = vi.spyOn(WebAssembly, 'compile').mockRejectedValueOnce(csp);
    await refuses(await bytes(), 'wasm-load', /wasm-unsafe-eval/);
    compile.mockRestore();
  });

  it('gives the same engine to everyone', async () => {
    expect(await loadEngine()).toBe(engine);
    expect(await loadEngine(new URL('file:///nowhere.wasm'))).toBe(engine);
  });
});

// No input is known to trap. Should one, the module's memory cannot be trusted any more.
it('does not use an engine again that trapped', async () => {
  const wasm = await readFile(new URL('../wasm/akin_engine_bg.wasm', import.meta.url));
  const instance = Instance.start(await WebAssembly.compile(new Uint8Array(wasm)));
  const closed = expect.objectContaining({ code: 'closed' }) as Error;
  expect(instance.run(() => 5)).toBe(5);
  expect(() =>
    instance.run(() => {
      throw new WebAssembly.RuntimeError('unreachable');
    }),
  ).toThrow(closed);
  expect(() => instance.run(() => 5)).toThrow(closed);
});
