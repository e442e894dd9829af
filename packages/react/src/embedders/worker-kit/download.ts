import { VectorIndexError } from '../../core/errors.ts';

/** A file that a model needs. */
export interface DownloadedFile {
  readonly url: string;
  /** What errors call it: `model`, `tokenizer`. */
  readonly name: string;
  /** The size after decompression, if known beforehand: gives an honest total, and is checked. */
  readonly bytes?: number | undefined;
  /** The error to throw. Default `embed-failed`. */
  readonly code?: 'embed-failed' | 'wasm-load' | undefined;
}

/**
 * Fetches files side by side and reports what arrived, counted after decompression. The total is
 * `null` while the size of any file is unknown. One failure stops the others.
 *
 * @example
 * ```ts
 * import { downloadFiles, type LoadContext } from '@akin/react/embedders/worker';
 *
 * export async function loadFiles(folder: string, { onProgress }: LoadContext) {
 *   const [model, tokenizer] = await downloadFiles(
 *     [
 *       { url: `${folder}/model.onnx`, name: 'model', bytes: 22_972_370 },
 *       { url: `${folder}/tokenizer.json`, name: 'tokenizer', bytes: 711_661 },
 *     ],
 *     onProgress,
 *   );
 *   return { model, tokenizer: new TextDecoder().decode(tokenizer) };
 * }
 * ```
 */
export async function downloadFiles<const Files extends readonly DownloadedFile[]>(
  files: Files,
  onProgress: (loadedBytes: number, totalBytes: number | null) => void,
): Promise<{ -readonly [K in keyof Files]: Uint8Array<ArrayBuffer> }> {
  const sizes = files.map(({ bytes }) => bytes ?? null);
  let loadedBytes = 0;
  const report = () => {
    let totalBytes: number | null = 0;
    for (const size of sizes) totalBytes = size === null ? null : addTo(totalBytes, size);
    onProgress(loadedBytes, totalBytes);
  };
  const stop = new AbortController();
  const watch = watchCspViolations('connect-src');
  try {
    const contents = await Promise.all(
      files.map((file, i) =>
        download(file, stop.signal, {
          onSize(size) {
            sizes[i] = size;
            report();
          },
          onBytes(count) {
            loadedBytes += count;
            report();
          },
        }),
      ),
    );
    return contents as unknown as { -readonly [K in keyof Files]: Uint8Array<ArrayBuffer> };
  } catch (thrown) {
    stop.abort();
    throw (await watch.violated())
      ? new VectorIndexError(
          'csp',
          "The Content-Security-Policy does not let the model's files be fetched.",
          "Add their origin to connect-src of the response that serves the worker's script.",
        )
      : thrown;
  } finally {
    watch.stop();
  }
}

function addTo(total: number | null, size: number): number | null {
  return total === null ? null : total + size;
}

async function download(
  { url, name, bytes, code = 'embed-failed' }: DownloadedFile,
  signal: AbortSignal,
  { onSize, onBytes }: Record<'onSize' | 'onBytes', (count: number) => void>,
): Promise<Uint8Array<ArrayBuffer>> {
  const place = withoutQuery(url);
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (thrown) {
    throw new VectorIndexError(
      code,
      `The ${name} file could not be fetched from ${place}.`,
      'Check the network (and CORS, if it is on another origin), then call again.',
      thrown,
    );
  }
  if (!response.ok) {
    throw new VectorIndexError(
      code,
      `The ${name} file was answered with status ${response.status} by ${place}.`,
      'Check that the file is deployed there, then call again.',
    );
  }
  // What servers of single-page apps answer for a file that is not there.
  if (response.headers.get('content-type')?.startsWith('text/html') === true) {
    throw new VectorIndexError(
      code,
      `An HTML page came instead of the ${name} file from ${place}.`,
      'Check that the file is deployed there, then call again.',
    );
  }
  const size = bytes ?? decodedSize(response);
  if (size !== null) onSize(size);
  try {
    const content = await readAll(response, size, onBytes);
    if (size !== null && content.byteLength !== size) {
      throw new VectorIndexError(
        code,
        `The ${name} file has ${content.byteLength} bytes instead of ${size}.`,
        'Deploy the file whole and unchanged (no text conversion), then call again.',
      );
    }
    if (size === null) onSize(content.byteLength);
    return content;
  } catch (thrown) {
    if (thrown instanceof VectorIndexError) throw thrown;
    throw new VectorIndexError(
      code,
      `The connection broke while the ${name} file was received.`,
      'Check the network, then call again.',
      thrown,
    );
  }
}

/** Content-Length is the size on the wire: under a content encoding it says nothing. */
function decodedSize(response: Response): number | null {
  const length = response.headers.get('content-length');
  if (length === null || response.headers.get('content-encoding') !== null) return null;
  // Other origins may hide the encoding's header.
  if (response.type === 'cors') return null;
  const size = Number(length);
  return Number.isSafeInteger(size) && size > 0 ? size : null;
}

async function readAll(
  response: Response,
  size: number | null,
  onBytes: (count: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  if (response.body === null) return new Uint8Array(await response.arrayBuffer());
  let content = new Uint8Array(size ?? 1 << 20);
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (length + value.byteLength > content.byteLength) {
      const grown = new Uint8Array(Math.max(content.byteLength * 2, length + value.byteLength));
      grown.set(content.subarray(0, length));
      content = grown;
    }
    content.set(value, length);
    length += value.byteLength;
    onBytes(value.byteLength);
  }
  return length === content.byteLength ? content : content.slice(0, length);
}

/** Query strings may carry keys. */
function withoutQuery(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    return `${origin}${pathname}`;
  } catch {
    return 'its address';
  }
}

/**
 * The platform tells of a blocked request in an event beside the failure, not in the failure.
 *
 * @param directive `worker-src`, `connect-src`: what is blocked elsewhere on the page is not ours.
 */
export function watchCspViolations(
  directive: string,
  target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> = globalThis,
): { violated(): Promise<boolean>; stop(): void } {
  let seen = false;
  const listener = (event: Partial<SecurityPolicyViolationEvent>) => {
    if (event.effectiveDirective === directive && event.disposition === 'enforce') seen = true;
  };
  target.addEventListener?.('securitypolicyviolation', listener);
  return {
    async violated() {
      if (!seen) await new Promise((resolve) => setTimeout(resolve, 20));
      return seen;
    },
    stop() {
      target.removeEventListener?.('securitypolicyviolation', listener);
    },
  };
}
