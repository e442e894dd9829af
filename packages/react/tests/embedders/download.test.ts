import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { VectorIndexError } from '../../src/core/errors.ts';
import { downloadFiles } from '../../src/embedders/worker.ts';

// For machines with other work to do.
vi.setConfig({ testTimeout: 30_000 });

const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251);

let server: Server;
let base: string;
let broken: string[];

const routes: Record<string, (response: ServerResponse) => void> = {
  '/plain': (response) =>
    response.writeHead(200, { 'content-length': content.length }).end(content),
  '/chunked': (response) => {
    response.write(content.subarray(0, 1000));
    response.end(content.subarray(1000));
  },
  '/gzip': (response) => {
    const packed = gzipSync(content);
    response
      .writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length })
      .end(packed);
  },
  '/html': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 1000), () => response.destroy());
  },
  '/stuck': (response) => void response.write('x'),
};

beforeEach(async () => {
  broken = [];
  server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '');
    response.on('close', () => {
      if (!response.writableFinished) broken.push(path);
    });
    const route = routes[path];
    if (route) route(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const failure = async (promise: Promise<unknown>): Promise<VectorIndexError> => {
  try {
    await promise;
  } catch (error) {
    return error as VectorIndexError;
  }
  throw new Error('expected a rejection');
};

it('gives whole files, and a total once every size is known', async () => {
  const progress: [number, number | null][] = [];
  const files = await downloadFiles(
    ['/plain', '/chunked', '/gzip'].map((path) => ({ url: base + path, name: path })),
    (loaded, total) => progress.push([loaded, total]),
  );
  for (const file of files) expect(Buffer.compare(file, content)).toBe(0);
  // Neither the chunked nor the compressed one says how long it will be.
  expect(progress[0]![1]).toBeNull();
  expect(progress.at(-1)).toEqual([900_000, 900_000]);
  for (const [loaded, total] of progress) expect(loaded).toBeLessThanOrEqual(total ?? 900_000);
});

it('has a total at once when sizes are known beforehand', async () => {
  const totals = new Set<number | null>();
  await downloadFiles(
    ['/plain', '/gzip'].map((path) => ({ url: base + path, name: path, bytes: 300_000 })),
    (_, total) => totals.add(total),
  );
  expect([...totals]).toEqual([600_000]);
});

it.each([
  ['/nowhere', '404'],
  ['/html', 'HTML'],
  ['/cut', 'connection broke'],
])('says what is wrong with %s', async (path, word) => {
  const url = `${base}${path}?token=secret`;
  const error = await failure(downloadFiles([{ url, name: 'model' }], () => {}));
  expect(error.code).toBe('embed-failed');
  expect(error.message).toContain(word);
  expect(error.message).not.toContain('secret');
});

it('says that a file has another size, or that its server is not there', async () => {
  const size = downloadFiles([{ url: `${base}/plain`, name: 'model', bytes: 7 }], () => {});
  expect((await failure(size)).message).toContain('300000 bytes instead of 7');
  const nobody = [{ url: 'http://127.0.0.1:9/x', name: 'runtime', code: 'wasm-load' }] as const;
  expect((await failure(downloadFiles(nobody, () => {}))).code).toBe('wasm-load');
});

it('stops the other downloads when one fails', async () => {
  const files = ['/stuck', '/nowhere'].map((path) => ({ url: base + path, name: path }));
  expect((await failure(downloadFiles(files, () => {}))).message).toContain('404');
  await expect.poll(() => broken, { timeout: 30_000 }).toContain('/stuck');
});
