/** Serves a built folder as a plain web host would: right types, nothing cached unasked. */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

/** @type {Record<string, string>} */
const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.onnx': 'application/octet-stream',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

/**
 * @typedef {object} StaticOptions
 * @property {boolean} [isolated] send COOP and COEP, as sites with SharedArrayBuffer do
 * @property {(path: string) => Record<string, string>} [headers] further ones, such as a policy
 * @property {(request: { method: string, path: string, status: number }) => void} [onRequest]
 */

/**
 * @param {string} folder
 * @param {StaticOptions} [options]
 * @returns {import('node:http').Server} not listening yet
 */
export function createStaticServer(folder, { isolated = false, headers: further, onRequest } = {}) {
  return createServer((request, response) => {
    const method = request.method ?? 'GET';
    const path = pathOf(request.url ?? '/');
    /** @param {number} status @param {Record<string, string | number>} [headers] */
    const begin = (status, headers = {}) => {
      onRequest?.({ method, path: path ?? String(request.url), status });
      // The browser may keep a file, but asks each time whether it is still the one.
      response.writeHead(status, {
        'Cache-Control': 'no-cache',
        'X-Content-Type-Options': 'nosniff',
        ...(isolated && {
          'Cross-Origin-Opener-Policy': 'same-origin',
          'Cross-Origin-Embedder-Policy': 'require-corp',
          'Cross-Origin-Resource-Policy': 'same-origin',
        }),
        ...further?.(path ?? '/'),
        ...headers,
      });
    };
    if (path === undefined) {
      begin(400);
      return response.end('Not a path\n');
    }
    if (method !== 'GET' && method !== 'HEAD') {
      begin(405, { Allow: 'GET, HEAD' });
      return response.end();
    }
    const file = join(folder, path.endsWith(sep) ? `${path}index.html` : path);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) {
      begin(404, { 'Content-Type': 'text/plain' });
      return response.end('Not found\n');
    }
    const etag = `"${stat.size.toString(36)}-${stat.mtimeMs.toString(36)}"`;
    if (request.headers['if-none-match'] === etag) {
      begin(304, { ETag: etag });
      return response.end();
    }
    const type = types[extname(file)] ?? 'application/octet-stream';
    begin(200, { 'Content-Type': type, 'Content-Length': stat.size, ETag: etag });
    if (method === 'HEAD') return response.end();
    return createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
  });
}

/**
 * The path of a request, which never leads out of the folder; undefined when it is none.
 * @param {string} url
 */
function pathOf(url) {
  try {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    // An absolute path is normalized to one without `..`.
    return path.includes('\0') ? undefined : normalize(`/${path}`);
  } catch {
    return undefined;
  }
}

/**
 * Listens on the wanted port or, where that is taken, on a later one.
 * @param {import('node:http').Server} server
 * @param {number} port
 * @returns {Promise<number>} the port
 */
export async function listen(server, port) {
  for (const candidate of [port, ...Array.from({ length: 20 }, (_, i) => port + 1 + i), 0]) {
    const free = await new Promise((resolve, reject) => {
      /** @param {NodeJS.ErrnoException} error */
      const failed = (error) =>
        ['EADDRINUSE', 'EACCES'].includes(error.code ?? '') ? resolve(false) : reject(error);
      server.once('error', failed);
      server.listen(candidate, '127.0.0.1', () => {
        server.off('error', failed);
        resolve(true);
      });
    });
    if (!free) continue;
    const address = server.address();
    if (address && typeof address === 'object') return address.port;
  }
  throw new Error('No port is free.');
}
