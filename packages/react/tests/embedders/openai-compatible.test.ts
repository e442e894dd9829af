import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VectorIndexError } from '../../src/core/errors.ts';
import { openaiCompatible } from '../../src/embedders/openai-compatible.ts';
import type { OpenaiCompatibleOptions } from '../../src/embedders/openai-compatible.ts';

// For machines with other work to do.
vi.setConfig({ testTimeout: 30_000 });

interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { model: string; input: string[]; dimensions?: number; encoding_format?: string };
  readonly at: number;
}

const secret = 'sk-very-secret-key';
const privateText = 'my private diary';

let server: Server;
let asked: Asked[];
let broken: number;
let answer: (request: Asked, response: ServerResponse) => void;

/** A vector that says which text it belongs to. */
const vectorFor = (text: string) => [text.length, 1, 0];
const embeddingsOf = ({ body }: Asked) =>
  body.input.map((text, index) => ({ object: 'embedding', index, embedding: vectorFor(text) }));
const json = (response: ServerResponse, value: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

beforeEach(async () => {
  asked = [];
  broken = 0;
  answer = (request, response) => json(response, { data: embeddingsOf(request) });
  server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const entry: Asked = {
        path: request.url ?? '',
        headers: request.headers,
        body: JSON.parse(text) as Asked['body'],
        at: performance.now(),
      };
      asked.push(entry);
      response.on('close', () => {
        if (!response.writableFinished) broken++;
      });
      answer(entry, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  vi.restoreAllMocks();
});

function open(options: Partial<OpenaiCompatibleOptions> = {}) {
  const { port } = server.address() as AddressInfo;
  return openaiCompatible({
    baseUrl: `http://127.0.0.1:${port}/v1/`,
    model: 'test-model',
    dimensions: 3,
    apiKey: secret,
    ...options,
  });
}

const failure = async (promise: Promise<unknown>): Promise<VectorIndexError> => {
  try {
    await promise;
  } catch (error) {
    return error as VectorIndexError;
  }
  throw new Error('expected a rejection');
};

/** Fails `times` times before it answers. */
const failing = (times: number, fail: (response: ServerResponse) => void) => {
  let left = times;
  answer = (request, response) => {
    if (left-- > 0) fail(response);
    else json(response, { data: embeddingsOf(request) });
  };
};

describe('requests', () => {
  it('asks as the protocol says, and gives vectors of unit length in order', async () => {
    const embedder = open({ headers: { 'x-app': 'test' } });
    const embeddings = await embedder.embed(['a', 'bb', ''], { purpose: 'document' });
    expect(asked).toHaveLength(1);
    expect(asked[0]!.path).toBe('/v1/embeddings');
    expect(asked[0]!.headers.authorization).toBe(`Bearer ${secret}`);
    expect(asked[0]!.headers['x-app']).toBe('test');
    expect(asked[0]!.body).toEqual({
      model: 'test-model',
      input: ['a', 'bb', ' '],
      encoding_format: 'float',
    });
    expect(embeddings.map(({ vector }) => vector[0]! / vector[1]!)).toEqual([
      1,
      expect.closeTo(2, 5),
      1,
    ]);
    for (const { vector, truncated } of embeddings) {
      expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
      expect(truncated).toBe(false);
    }
  });

  it('sends batches, and puts answers in any order right', async () => {
    answer = (request, response) => json(response, { data: embeddingsOf(request).reverse() });
    const texts = Array.from({ length: 10 }, (_, i) => 'x'.repeat(i + 1));
    const embeddings = await open({ maxBatch: 4 }).embed(texts, { purpose: 'document' });
    expect(asked.map(({ body }) => body.input.length)).toEqual([4, 4, 2]);
    embeddings.forEach(({ vector }, i) => {
      expect(vector[0]! / vector[1]!).toBeCloseTo(i + 1, 4);
    });
    expect(await open().embed([], { purpose: 'query' })).toEqual([]);
    expect(asked).toHaveLength(3);
  });

  it('takes keys from a function, whole addresses, prefixes and dimensions', async () => {
    const { port } = server.address() as AddressInfo;
    const embedder = open({
      url: `http://127.0.0.1:${port}/my/route`,
      apiKey: () => Promise.resolve('fresh'),
      prefixes: { query: 'Q: ' },
      requestDimensions: true,
    });
    await embedder.embed(['a'], { purpose: 'query' });
    await embedder.embed(['a'], { purpose: 'document' });
    expect(asked[0]!.path).toBe('/my/route');
    expect(asked[0]!.headers.authorization).toBe('Bearer fresh');
    expect(asked.map(({ body }) => body.input[0])).toEqual(['Q: a', 'a']);
    expect(asked[0]!.body.dimensions).toBe(3);
    const ids = [embedder.id, open().id, open({ model: 'other' }).id];
    expect(new Set(ids).size).toBe(3);
    const noKey = open({ apiKey: undefined });
    await noKey.embed(['a'], { purpose: 'query' });
    expect(asked.at(-1)!.headers.authorization).toBeUndefined();
  });
});

describe('retries', () => {
  it('after 429, as long as the server asks', async () => {
    failing(1, (response) => response.writeHead(429, { 'retry-after': '1' }).end());
    await open().embed(['a'], { purpose: 'query' });
    expect(asked).toHaveLength(2);
    const waited = asked[1]!.at - asked[0]!.at;
    expect(waited).toBeGreaterThanOrEqual(990);
    expect(waited).toBeLessThan(3_000);
  });

  it('after 5xx and broken connections, waiting longer each time', async () => {
    let n = 0;
    failing(2, (response) => {
      if (n++ === 0) response.writeHead(503).end('overloaded');
      else response.destroy();
    });
    await open().embed(['a'], { purpose: 'query' });
    expect(asked).toHaveLength(3);
    expect(asked[1]!.at - asked[0]!.at).toBeGreaterThanOrEqual(240);
    expect(asked[2]!.at - asked[1]!.at).toBeGreaterThanOrEqual(490);
  });

  it('until there are no more', async () => {
    failing(99, (response) => response.writeHead(500, { 'retry-after': '0' }).end());
    const error = await failure(open({ maxRetries: 2 }).embed(['a'], { purpose: 'query' }));
    expect(error.code).toBe('embed-failed');
    expect(error.message).toContain('500');
    expect(asked).toHaveLength(3);
  });

  it('not when the request itself is at fault, nor when the wait would be endless', async () => {
    for (const status of [400, 401, 404, 422]) {
      answer = (_, response) => json(response, { error: privateText }, status);
      const error = await failure(open().embed([privateText], { purpose: 'query' }));
      expect(error.code).toBe('embed-failed');
      expect(error.message).toContain(String(status));
    }
    expect(asked).toHaveLength(4);
    failing(99, (response) => response.writeHead(429, { 'retry-after': '86400' }).end());
    expect((await failure(open().embed(['a'], { purpose: 'query' }))).message).toContain('429');
    expect(asked).toHaveLength(5);
  });

  it('after silence', async () => {
    failing(1, () => {});
    await open({ timeoutMs: 100 }).embed(['a'], { purpose: 'query' });
    expect(asked).toHaveLength(2);
    failing(99, () => {});
    const error = await failure(
      open({ timeoutMs: 100, maxRetries: 0 }).embed(['a'], { purpose: 'query' }),
    );
    expect(error.code).toBe('timeout');
  });
});

describe('cancelling', () => {
  it('stops a request under way', async () => {
    answer = () => {};
    const stop = new AbortController();
    const embedding = open().embed(['a'], { purpose: 'query', signal: stop.signal });
    await expect.poll(() => asked.length, { timeout: 30_000 }).toBe(1);
    stop.abort();
    expect((await failure(embedding)).code).toBe('aborted');
    await expect.poll(() => broken, { timeout: 30_000 }).toBe(1);
  });

  it('stops a wait between tries, and between batches', async () => {
    failing(99, (response) => response.writeHead(429, { 'retry-after': '60' }).end());
    const stop = new AbortController();
    const embedding = open().embed(['a'], { purpose: 'query', signal: stop.signal });
    await expect.poll(() => asked.length, { timeout: 30_000 }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    stop.abort();
    expect((await failure(embedding)).code).toBe('aborted');
    expect(
      (await failure(open().embed(['a'], { purpose: 'query', signal: stop.signal }))).code,
    ).toBe('aborted');
    expect(asked).toHaveLength(1);
  });

  it('does not wait for a key that never comes', async () => {
    const stop = new AbortController();
    const embedding = open({ apiKey: () => new Promise(() => {}) }).embed(['a'], {
      purpose: 'query',
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(), 20);
    expect((await failure(embedding)).code).toBe('aborted');
  });
});

describe('answers that cannot be', () => {
  const good = [1, 2, 3];
  it.each([
    ['not JSON', '<html>'],
    ['no data', {}],
    ['null', null],
    ['too few', { data: [] }],
    ['too many', { data: [{ embedding: good }, { embedding: good }, { embedding: good }] }],
    [
      'an index twice',
      {
        data: [
          { index: 0, embedding: good },
          { index: 0, embedding: good },
        ],
      },
    ],
    [
      'an index outside',
      {
        data: [
          { index: 0, embedding: good },
          { index: 7, embedding: good },
        ],
      },
    ],
    ['a null item', { data: [null, { embedding: good }] }],
    ['no vector', { data: [{ index: 0 }, { index: 1, embedding: good }] }],
    ['a null among numbers', { data: [{ embedding: [1, null, 3] }, { embedding: good }] }],
    ['a number beyond floats', { data: [{ embedding: [1, 1e300, 3] }, { embedding: good }] }],
    ['a string', { data: [{ embedding: 'AAAA' }, { embedding: good }] }],
  ])('%s', async (_, value) => {
    answer = (_request, response) => {
      response.end(typeof value === 'string' ? value : JSON.stringify(value));
    };
    const error = await failure(open().embed(['a', 'b'], { purpose: 'document' }));
    expect(error.code).toBe('embed-failed');
    expect(asked).toHaveLength(1);
  });

  it('another number of dimensions', async () => {
    answer = (_, response) => json(response, { data: [{ index: 0, embedding: [1, 2] }] });
    expect((await failure(open().embed(['a'], { purpose: 'query' }))).code).toBe(
      'dimension-mismatch',
    );
  });
});

it('never logs or throws a key, a text or an answer', async () => {
  const logged = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
    vi.spyOn(console, level),
  );
  const errors: VectorIndexError[] = [];
  const fails: ((response: ServerResponse) => void)[] = [
    (response) => response.writeHead(500).end(`${secret} ${privateText}`),
    (response) => response.writeHead(401).end(`${secret} ${privateText}`),
    (response) => response.end(`${secret} ${privateText}`),
    (response) => json(response, { data: [{ embedding: privateText }] }),
    (response) => response.destroy(),
  ];
  for (const fail of fails) {
    answer = (_, response) => fail(response);
    errors.push(
      await failure(open({ maxRetries: 0 }).embed([privateText], { purpose: 'document' })),
    );
  }
  const noKey = open({ apiKey: () => Promise.reject(new Error(secret)) });
  errors.push(await failure(noKey.embed([privateText], { purpose: 'document' })));
  const badKey = open({ apiKey: `${secret}\n`, headers: { 'bad header': 'x' }, maxRetries: 0 });
  errors.push(await failure(badKey.embed([privateText], { purpose: 'document' })));
  for (const error of errors) {
    expect(error.code).toBe('embed-failed');
    const all = `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
    expect(all).not.toContain(secret);
    expect(all).not.toContain(privateText);
  }
  for (const spy of logged) expect(spy).not.toHaveBeenCalled();
});

it('wants an address, and strings', async () => {
  expect(() => openaiCompatible({ model: 'm', dimensions: 3 })).toThrow(/address/);
  const error = await failure(open().embed([1 as unknown as string], { purpose: 'query' }));
  expect(error.code).toBe('invalid-input');
});
