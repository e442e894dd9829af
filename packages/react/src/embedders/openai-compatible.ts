import { VectorIndexError, abortedError } from '../core/errors.ts';
import type { Embedder, Embedding } from '../core/types.ts';
import { parseEmbeddings } from './openai-compatible/response.ts';
import { retrying } from './openai-compatible/retry.ts';

/** Which server and model to ask, and how. */
export interface OpenaiCompatibleOptions {
  /**
   * Where the API is, up to and without `/embeddings`: `https://api.openai.com/v1`,
   * `http://localhost:11434/v1` (Ollama), `http://localhost:1234/v1` (LM Studio).
   */
  readonly baseUrl?: string | URL | undefined;
  /** The whole address instead, such as a route of your own server that adds the key. */
  readonly url?: string | URL | undefined;
  readonly model: string;
  /** Length of the model's vectors. */
  readonly dimensions: number;
  /** Ask the server for vectors of this length (OpenAI's `dimensions`). Default false. */
  readonly requestDimensions?: boolean | undefined;
  /**
   * Sent as `Authorization: Bearer …`. Whoever opens the page can read a key that the page has: on
   * the open web, keep it on your server and give its route as `url`. A function is called before
   * every request.
   */
  readonly apiKey?: string | (() => string | Promise<string>) | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What the model expects before queries and documents. */
  readonly prefixes?:
    { readonly query?: string | undefined; readonly document?: string | undefined } | undefined;
  /** Texts per request. Default 64. */
  readonly maxBatch?: number | undefined;
  /** Further tries after 408, 429, 5xx or a broken connection. Default 4. */
  readonly maxRetries?: number | undefined;
  /** A try that takes longer is given up, and made again. Default 60 000. */
  readonly timeoutMs?: number | undefined;
  /** Default: made of the model, the dimensions if requested, and the prefixes. */
  readonly id?: string | undefined;
}

/**
 * Any server that speaks OpenAI's `/v1/embeddings`: OpenAI, Ollama, LM Studio, llama.cpp, vLLM…
 * Texts leave the browser for that server.
 *
 * The protocol does not tell whether a text was cut: `truncated` is always `false`. Servers that
 * refuse long texts make it an `embed-failed`; others cut in silence.
 *
 * @example
 * ```ts
 * import { openaiCompatible } from '@akin/react/embedders/openai-compatible';
 *
 * const embedder = openaiCompatible({
 *   baseUrl: 'http://localhost:11434/v1',
 *   model: 'nomic-embed-text',
 *   dimensions: 768,
 * });
 * ```
 */
export function openaiCompatible(options: OpenaiCompatibleOptions): Embedder {
  const { model, dimensions, requestDimensions = false, prefixes } = options;
  const { maxBatch = 64, maxRetries = 4, timeoutMs = 60_000 } = options;
  const url = embeddingsUrl(options);
  const facts = [
    requestDimensions ? `@${dimensions}` : '',
    prefixes?.query || prefixes?.document
      ? `,${JSON.stringify([prefixes.query ?? '', prefixes.document ?? ''])}`
      : '',
  ];

  const request = async (texts: readonly string[], signal: AbortSignal): Promise<Response> => {
    const key = await keyOf(options.apiKey);
    return fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...options.headers,
      },
      body: JSON.stringify({
        model,
        input: texts,
        encoding_format: 'float',
        ...(requestDimensions ? { dimensions } : {}),
      }),
      signal,
    });
  };

  return {
    id: options.id ?? `openai-compatible:${model}${facts.join('')}`,
    dimensions,
    async embed(texts, { purpose, signal }) {
      const prefix = prefixes?.[purpose] ?? '';
      const inputs = texts.map((text) => {
        if (typeof text === 'string') return prefix + text;
        throw new VectorIndexError(
          'invalid-input',
          'Something other than a string was given to be embedded.',
          'Pass an array of strings.',
        );
      });
      const embeddings: Embedding[] = [];
      for (let at = 0; at < inputs.length; at += maxBatch) {
        const batch = inputs.slice(at, at + maxBatch);
        // Several servers refuse an empty text: a blank means as little.
        const sent = batch.map((text) => (text === '' ? ' ' : text));
        const vectors = await retrying(
          async (trySignal) =>
            parseEmbeddings(await request(sent, trySignal), sent.length, dimensions),
          { maxRetries, timeoutMs, signal },
        );
        for (const vector of vectors) embeddings.push({ vector, truncated: false });
      }
      if (signal?.aborted === true) throw abortedError('The embedding was cancelled.');
      return embeddings;
    },
  };
}

async function keyOf(apiKey: OpenaiCompatibleOptions['apiKey']): Promise<string | undefined> {
  if (typeof apiKey !== 'function') return apiKey;
  try {
    return await apiKey();
  } catch {
    throw new VectorIndexError(
      'embed-failed',
      'The function that gives the key of the embedding server failed.',
      'Check apiKey, then call again.',
    );
  }
}

function embeddingsUrl({ baseUrl, url }: OpenaiCompatibleOptions): string {
  if (url !== undefined) return String(url);
  if (baseUrl !== undefined) return `${String(baseUrl).replace(/\/+$/, '')}/embeddings`;
  throw new VectorIndexError(
    'invalid-input',
    'The embedder was given no address.',
    'Pass baseUrl, such as http://localhost:11434/v1, or url.',
  );
}
