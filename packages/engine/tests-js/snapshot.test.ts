import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Index } from '../js/node.ts';
import { loadEngine } from '../js/node.ts';
import { Random } from './random.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

const dimensions = 300;
const corrupt = expect.objectContaining({ code: 'corrupt' }) as Error;
const withCode = (code: string) => expect.objectContaining({ code }) as Error;

function filled(count: number): Index {
  const index = engine.createIndex({ dimensions, exactBelow: 0, m: 4, efConstruction: 10 });
  index.add(new Random(21).floats(count * dimensions));
  index.buildStep();
  return index;
}

/** Stores what is new under its key; gives the manifest and the keys written. */
function save(index: Index, store: Map<string, Uint8Array>, since?: Uint8Array) {
  const { manifest, keys, chunks } = index.snapshotChanges(since);
  for (const chunk of chunks) {
    const bytes = chunk.read();
    expect(bytes).toHaveLength(chunk.bytes);
    store.set(chunk.key, bytes);
  }
  return { manifest, keys, written: chunks.map(({ key }) => key) };
}

const kindsOf = (keys: readonly string[]) => keys.map((key) => key.split('-')[0]);

describe('snapshots in chunks', () => {
  it('hold what the snapshot in one piece holds, and write only what changed', () => {
    const index = filled(3500);
    const store = new Map<string, Uint8Array>();
    const first = save(index, store);
    expect(first.written).toEqual(first.keys);
    expect(kindsOf(first.keys)).toEqual(['state', 'codes', 'codes', 'links']);
    const second = save(index, store, first.manifest);
    expect(second.written).toEqual([]);
    expect(second.manifest).toEqual(first.manifest);

    index.add(new Random(22).floats(dimensions));
    const third = save(index, store, first.manifest);
    expect(kindsOf(third.written)).toEqual(['state', 'codes', 'links']);
    const pieces = [third.manifest, ...third.keys.map((key) => store.get(key)!)];
    expect(Buffer.compare(Buffer.concat(pieces), index.snapshot())).toBe(0);
    // A snapshot in one piece begins with its manifest.
    expect(save(index, store, index.snapshot()).written).toEqual([]);

    // Of both moments all chunks are there still.
    for (const { manifest, size } of [
      { manifest: first.manifest, size: 3500 },
      { manifest: third.manifest, size: 3501 },
    ]) {
      const opened = engine.openIndex({ manifest, chunks: (key) => store.get(key) });
      expect(opened.size).toBe(size);
      expect(save(opened, store, manifest).written).toEqual([]);
    }
  });

  it('open one by one, and from an array', () => {
    const index = filled(1200);
    const { manifest, keys, chunks } = index.snapshotChanges();
    const bytes = chunks.map((chunk) => chunk.read());
    const opening = engine.beginOpen(manifest);
    expect(opening.keys).toEqual(keys);
    for (const [at, chunk] of bytes.entries()) {
      expect(opening.next).toBe(keys[at]);
      expect(() => opening.put(new Uint8Array(5))).toThrow(corrupt);
      opening.put(chunk);
    }
    expect(opening.next).toBeUndefined();
    expect(() => opening.put(bytes[0]!)).toThrow(corrupt);
    const opened = opening.finish();
    const query = new Random(23).floats(dimensions);
    expect(opened.search(query, { k: 9 })).toEqual(index.search(query, { k: 9 }));
    const again = engine.openIndex({ manifest, chunks: bytes });
    for (const one of [index, opened, again]) {
      one.remove([4, 5]);
      one.compact();
      one.add(new Random(24).floats(3 * dimensions));
      one.buildStep();
    }
    expect(Buffer.compare(opened.snapshot(), index.snapshot())).toBe(0);
    expect(Buffer.compare(again.snapshot(), index.snapshot())).toBe(0);
  });

  it('say that a chunk is outdated, and give the others', () => {
    const index = filled(2500);
    const { chunks, keys } = index.snapshotChanges();
    index.search(new Random(25).floats(dimensions), { k: 1 });
    chunks.forEach((chunk) => chunk.read());
    index.remove([0]);
    const outdated = chunks.map((chunk) => {
      try {
        return chunk.read() && undefined;
      } catch (error) {
        expect(error).toEqual(withCode('outdated'));
        return chunk.key;
      }
    });
    expect(outdated.filter(Boolean)).toEqual([keys[0]]);
    index.free();
    expect(() => chunks[1]!.read()).toThrow(withCode('closed'));
  });

  it('are refused when a chunk is lost or of another moment', () => {
    const index = filled(1500);
    const store = new Map<string, Uint8Array>();
    const before = save(index, store);
    index.add(new Random(26).floats(dimensions));
    const after = save(index, store, before.manifest);
    for (const [at, key] of after.keys.entries()) {
      const lost = (asked: string) => (asked === key ? undefined : store.get(asked));
      const open = (chunks: typeof lost) => () =>
        engine.openIndex({ manifest: after.manifest, chunks });
      expect(open(lost)).toThrow(corrupt);
      const old = store.get(before.keys[at]!);
      const mixed = (asked: string) => (asked === key ? old : store.get(asked));
      if (before.keys[at] === key) expect(open(mixed)().size).toBe(1501);
      else expect(open(mixed)).toThrow(corrupt);
    }
    const { manifest } = after;
    expect(() => engine.openIndex({ manifest, chunks: [] })).toThrow(corrupt);
  });

  it('refuse by name what is no part of one', () => {
    const index = filled(50);
    const { manifest } = index.snapshotChanges();
    const any = (value: unknown) => value as never;
    const noChunks = { manifest, chunks: any(undefined) };
    const badChunk = { manifest, chunks: () => any('bytes') };
    const damaged = manifest.slice();
    damaged[100]! ^= 1;
    const calls: [string, () => unknown][] = [
      ['invalid-input', () => engine.openIndex(noChunks)],
      ['invalid-input', () => engine.openIndex(badChunk)],
      ['invalid-input', () => engine.openIndex({ manifest: any(5), chunks: [] })],
      ['invalid-input', () => engine.beginOpen(any(undefined))],
      ['invalid-input', () => engine.beginOpen(manifest).put(any([1]))],
      ['invalid-input', () => index.snapshotChanges(any('earlier'))],
      ['corrupt', () => index.snapshotChanges(new Uint8Array(10))],
      ['corrupt', () => index.snapshotChanges(damaged)],
      ['corrupt', () => engine.beginOpen(damaged)],
      ['corrupt', () => engine.beginOpen(manifest).finish()],
    ];
    for (const [code, call] of calls) {
      expect(call).toThrow(withCode(code));
      expect(call).toThrow(/^.+\. .+\.$/s);
    }
    expect(() =>
      engine.openIndex({
        manifest,
        chunks: () => {
          throw new RangeError("the caller's own");
        },
      }),
    ).toThrow(RangeError);

    const opening = engine.beginOpen(manifest);
    opening.free();
    opening.free();
    const closed = withCode('closed');
    expect(() => opening.put(new Uint8Array(1))).toThrow(closed);
    expect(() => opening.finish()).toThrow(closed);
    expect(index.size).toBe(50);
  });

  it('give back the memory of an opening that fails', () => {
    const manifestAndChunks = filled(3500).snapshotChanges();
    const chunks = manifestAndChunks.chunks.map((chunk) => chunk.read());
    chunks[3]![0]! ^= 1;
    const open = () => engine.openIndex({ manifest: manifestAndChunks.manifest, chunks });
    expect(open).toThrow(corrupt);
    const before = engine.memoryBytes;
    for (let round = 0; round < 20; round++) expect(open).toThrow(corrupt);
    expect(engine.memoryBytes).toBe(before);
  });
});
