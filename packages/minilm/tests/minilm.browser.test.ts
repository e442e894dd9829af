import { minilm } from '@akin/minilm';
import type { MinilmOptions } from '@akin/minilm';
import type { Embedder, EmbedderStatus, VectorIndexError } from '@akin/react/embedders/worker';
import { afterEach, describe, expect, it, vi } from 'vitest';
import reference from './reference.json';

// Tens of megabytes are loaded, on machines with other work to do.
vi.setConfig({ testTimeout: 120_000 });

const passage =
  'The committee met again in the spring, when the roads were open, and heard the surveyor read ' +
  'his account of the valley: the height of the water in each month, the state of the three ' +
  'bridges, and what the mills had paid. Nobody doubted the figures. What was doubted was whether ' +
  'a canal, once dug, would still be needed by those who had asked for it.';

const opened: Required<Embedder>[] = [];

function open(options?: MinilmOptions): Required<Embedder> {
  const embedder = minilm(options);
  opened.push(embedder);
  return embedder;
}

afterEach(() => {
  for (const embedder of opened.splice(0)) embedder.close();
});

async function one(embedder: Embedder, text: string) {
  const [embedding] = await embedder.embed([text], { purpose: 'document' });
  return embedding!;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function statesOf(embedder: Required<Embedder>): EmbedderStatus[] {
  const states = [embedder.status.get()];
  embedder.status.subscribe(() => states.push(embedder.status.get()));
  return states;
}

const failure = async (promise: Promise<unknown>): Promise<VectorIndexError> => {
  try {
    await promise;
  } catch (error) {
    return error as VectorIndexError;
  }
  throw new Error('expected a rejection');
};

describe('vectors', () => {
  it('are those of the model, of unit length', async () => {
    const embedder = open();
    expect(embedder.dimensions).toBe(384);
    expect(embedder.id).toBe('all-MiniLM-L6-v2@int8-1');
    const embeddings = await embedder.embed(
      reference.map(({ text }) => text),
      { purpose: 'document' },
    );
    let largest = 0;
    embeddings.forEach(({ vector, truncated }, i) => {
      const expected = reference[i]!.vector;
      expect(truncated).toBe(false);
      expect(vector).toBeInstanceOf(Float32Array);
      expect(vector.length).toBe(384);
      expect(dot(vector, vector)).toBeCloseTo(1, 5);
      expect(dot(vector, expected)).toBeGreaterThan(0.99999);
      vector.forEach((value, j) => {
        largest = Math.max(largest, Math.abs(value - expected[j]!));
      });
    });
    expect(largest).toBeLessThan(1e-4);
    console.log(`largest difference to the reference: ${largest.toExponential(2)}`);
  });

  it('are the same for a query, for a document, alone and among others', async () => {
    const embedder = open();
    const alone = await one(embedder, passage);
    const [, among] = await embedder.embed(['something else', passage, 'x'], { purpose: 'query' });
    expect(among!.vector).toEqual(alone.vector);
  });

  it('tell what belongs together', async () => {
    const embedder = open();
    const [question, answer, other] = await embedder.embed(
      [
        'How tall is the mountain?',
        'The summit rises 4,810 metres above the sea.',
        'Bake the bread for forty minutes until the crust is brown.',
      ],
      { purpose: 'document' },
    );
    expect(dot(question!.vector, answer!.vector)).toBeGreaterThan(
      dot(question!.vector, other!.vector) + 0.2,
    );
  });
});

describe('texts of any kind', () => {
  it('reports what is longer than 256 tokens, and reads the same beginning', async () => {
    const embedder = open();
    const word = (n: number) => Array.from({ length: n }, () => 'house').join(' ');
    const [fits, cut, longer, book] = await embedder.embed(
      [word(254), word(255), word(3_000), word(200_000)],
      { purpose: 'document' },
    );
    expect(fits!.truncated).toBe(false);
    expect(cut!.truncated).toBe(true);
    expect(longer!.truncated).toBe(true);
    expect(book!.truncated).toBe(true);
    expect(cut!.vector).toEqual(fits!.vector);
    expect(longer!.vector).toEqual(fits!.vector);
    expect(book!.vector).toEqual(fits!.vector);
  });

  it('takes empty, blank, odd and very long ones', async () => {
    const embedder = open();
    const texts = [
      '',
      '   \n\t ',
      '🦀🦀🦀',
      '\u0000\u0007\uFFFD',
      'a lone surrogate \uD83E here',
      '[SEP] [MASK] [PAD] [CLS]',
      'مرحبا بالعالم',
      '東京都に行きたい',
      'x'.repeat(10_000),
      'é'.repeat(10_000),
      '🦀'.repeat(5_000),
      ' '.repeat(100_000) + 'end',
    ];
    const embeddings = await embedder.embed(texts, { purpose: 'document' });
    for (const { vector } of embeddings) {
      expect(dot(vector, vector)).toBeCloseTo(1, 5);
      expect(vector.every(Number.isFinite)).toBe(true);
    }
    // The same as the word alone: what a first look of blanks cuts off is looked at after all.
    expect(embeddings.at(-1)!.vector).toEqual((await one(embedder, 'end')).vector);
    expect(await embedder.embed([], { purpose: 'query' })).toEqual([]);
  });
});

describe('order and cancelling', () => {
  it('lets a query overtake fifty waiting documents', async () => {
    const embedder = open();
    await embedder.load();
    const order: string[] = [];
    const documents = Array.from({ length: 50 }, (_, i) =>
      embedder
        .embed([`${i}: ${passage}`], { purpose: 'document' })
        .then(() => order.push(`document ${i}`)),
    );
    await documents[0];
    const before = order.length;
    const asked = performance.now();
    await embedder
      .embed(['what did the surveyor read?'], { purpose: 'query' })
      .then(() => order.push('query'));
    console.log(`query among waiting documents: ${(performance.now() - asked).toFixed(0)} ms`);
    await Promise.all(documents);
    const place = order.indexOf('query');
    expect(place).toBeGreaterThanOrEqual(before);
    expect(place).toBeLessThanOrEqual(before + 15);
    expect(order.filter((entry) => entry !== 'query')).toEqual(
      documents.map((_, i) => `document ${i}`),
    );
  });

  it('takes aborted texts out of the queue', async () => {
    const embedder = open();
    const began = performance.now();
    for (let i = 0; i < 5; i++) await one(embedder, `${passage} ${i}`);
    const longestMs = (performance.now() - began) / 5;
    const stop = new AbortController();
    const many = embedder.embed(
      Array.from({ length: 500 }, (_, i) => `${i}: ${passage}`),
      { purpose: 'document', signal: stop.signal },
    );
    const after = embedder.embed(['after'], { purpose: 'document' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const aborted = performance.now();
    stop.abort();
    expect((await failure(many)).code).toBe('aborted');
    await after;
    // Five hundred were asked for: a fifth of their time is far too much for those in flight.
    expect(performance.now() - aborted).toBeLessThan(100 * longestMs);
    expect(
      (await failure(embedder.embed(['late'], { purpose: 'query', signal: stop.signal }))).code,
    ).toBe('aborted');
  });
});

describe('loading', () => {
  it('shows true progress', async () => {
    const embedder = open();
    const states = statesOf(embedder);
    await embedder.load();
    expect(states[0]).toEqual({ state: 'idle' });
    expect(states.at(-1)).toEqual({ state: 'ready' });
    const loading = states.filter((status) => status.state === 'loading');
    let last = 0;
    for (const { loadedBytes, totalBytes } of loading.slice(1)) {
      expect(totalBytes).toBe(23_606_522 + 466_247 + 14_239_897);
      expect(loadedBytes).toBeGreaterThanOrEqual(last);
      last = loadedBytes;
    }
    expect(last).toBe(23_606_522 + 466_247 + 14_239_897);
  });

  it('can be cancelled, and tried again', async () => {
    const embedder = open({ modelUrl: '/fixtures/slow/minilm/model.onnx' });
    const states = statesOf(embedder);
    const began = performance.now();
    const stop = new AbortController();
    const load = embedder.load({ signal: stop.signal });
    await expect
      .poll(() => states.some((s) => s.state === 'loading' && s.loadedBytes > 1_000_000), {
        timeout: 30_000,
      })
      .toBe(true);
    stop.abort();
    expect((await failure(load)).code).toBe('aborted');
    expect(embedder.status.get()).toEqual({ state: 'idle' });
    await embedder.load();
    expect(embedder.status.get()).toEqual({ state: 'ready' });
    expect((await one(embedder, passage)).vector.length).toBe(384);
    // Never more than ten changes a second, and the few that say something else.
    expect(states.length).toBeLessThan(15 + (performance.now() - began) / 100);
  });

  it('says that the model is not there, and works once it is', async () => {
    const embedder = open({
      modelUrl: `/fixtures/missing-once/${Math.random()}/minilm/model.onnx`,
    });
    const [load, text] = await Promise.all([
      failure(embedder.load()),
      failure(one(embedder, 'a private text')),
    ]);
    expect(load.code).toBe('embed-failed');
    expect(load.message).toContain('404');
    expect(text.code).toBe('embed-failed');
    expect(text.message).not.toContain('private');
    expect(embedder.status.get().state).toBe('error');
    expect((await one(embedder, 'a text')).vector.length).toBe(384);
    expect(embedder.status.get().state).toBe('ready');
  });

  it('says that the WebAssembly is not there', async () => {
    const embedder = open({ wasmUrl: '/fixtures/nowhere.wasm' });
    expect((await failure(embedder.load())).code).toBe('wasm-load');
    const other = open({ wasmUrl: '/fixtures/minilm/tokenizer.json' });
    const error = await failure(other.load());
    expect(error.code).toBe('wasm-load');
  });

  it('says that a file is damaged or cut', async () => {
    const cut = open({ modelUrl: '/fixtures/cut/minilm/model.onnx' });
    expect((await failure(cut.load())).code).toBe('embed-failed');
    const foreign = open({ modelUrl: '/fixtures/minilm/calibration.txt' });
    expect((await failure(foreign.load())).code).toBe('embed-failed');
    const notJson = open({ tokenizerUrl: '/fixtures/minilm/calibration.txt' });
    expect((await failure(notJson.load())).code).toBe('embed-failed');
  });

  it('says that the worker is not there', async () => {
    const missing = open({
      createWorker: () => new Worker('/fixtures/nowhere.js', { type: 'module' }),
    });
    expect((await failure(missing.load())).code).toBe('worker-load');
    const broken = open({
      createWorker: () => new Worker('data:text/javascript,throw new Error("at once")'),
    });
    const error = await failure(one(broken, 'text'));
    expect(error.code).toBe('worker-load');
  });
});

describe('life and death', () => {
  it('runs twice in one page', async () => {
    const [a, b] = [open(), open()];
    const [first, second] = await Promise.all([one(a, passage), one(b, passage)]);
    expect(first.vector).toEqual(second.vector);
    a.close();
    expect((await one(b, passage)).vector).toEqual(first.vector);
  });

  it('rejects what waits when it is closed, and embeds again after that', async () => {
    const embedder = open();
    const first = await one(embedder, passage);
    const waiting = embedder.embed([passage, passage, passage], { purpose: 'document' });
    embedder.close();
    expect((await failure(waiting)).code).toBe('closed');
    expect(embedder.status.get()).toEqual({ state: 'idle' });
    expect((await one(embedder, passage)).vector).toEqual(first.vector);
  });
});

it('is fast enough to say how fast', async () => {
  const embedder = open();
  const start = performance.now();
  await embedder.load();
  const loaded = performance.now() - start;
  const time = async (text: string, n: number, purpose: 'query' | 'document') => {
    await one(embedder, text);
    const began = performance.now();
    await embedder.embed(
      Array.from({ length: n }, (_, i) => `${text} ${i}`),
      { purpose },
    );
    return (performance.now() - began) / n;
  };
  const passageMs = await time(passage, 40, 'document');
  const queryMs = await time('what did the surveyor say about the bridges', 40, 'query');
  console.log(
    `loaded in ${(loaded / 1000).toFixed(2)} s, ${passageMs.toFixed(1)} ms a passage of about ` +
      `75 tokens, ${queryMs.toFixed(1)} ms a query of about 10`,
  );
});
