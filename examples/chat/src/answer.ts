import { AnswerError, errorOfStatus } from './answer-error.ts';
import type { Endpoint } from './endpoint.ts';
import type { PromptMessage } from './prompt.ts';
import { readEvents } from './server-sent-events.ts';

interface AnswerOptions {
  readonly signal: AbortSignal;
  /** The answer so far. Not called by servers that do not stream. */
  readonly onText: (text: string) => void;
}

/** Asks the endpoint. Rejects with an {@link AnswerError}. */
export async function answer(
  endpoint: Endpoint,
  messages: readonly PromptMessage[],
  { signal, onText }: AnswerOptions,
): Promise<string> {
  try {
    const response = await request(endpoint, messages, signal);
    if (!response.ok) throw errorOfStatus(response.status);
    const text = await readAnswer(response, onText);
    if (text.trim() === '') throw badAnswer('The model answered with nothing.');
    return text;
  } catch (error) {
    if (signal.aborted) {
      throw new AnswerError('aborted', 'You stopped the answer.', 'Ask again to get a new one.');
    }
    throw error instanceof AnswerError ? error : unreachable(error);
  }
}

function request(
  { url, model, key }: Endpoint,
  messages: readonly PromptMessage[],
  signal: AbortSignal,
): Promise<Response> {
  return fetch(`${url.replace(/\/+$/, '')}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ model, messages, stream: true }),
    signal,
  });
}

async function readAnswer(response: Response, onText: (text: string) => void): Promise<string> {
  if (response.headers.get('content-type')?.includes('text/event-stream') !== true) {
    return contentOf(await response.text(), 'message');
  }
  let text = '';
  for await (const event of readEvents(response)) {
    if (event === '[DONE]') break;
    text += contentOf(event, 'delta');
    onText(text);
  }
  return text;
}

interface Completion {
  readonly choices?: readonly {
    readonly message?: { readonly content?: string | null };
    readonly delta?: { readonly content?: string | null };
  }[];
}

function contentOf(json: string, part: 'message' | 'delta'): string {
  let completion: Completion;
  try {
    completion = JSON.parse(json) as Completion;
  } catch (error) {
    throw badAnswer('The model’s server sent something that is not JSON.', error);
  }
  if (completion.choices === undefined) {
    throw badAnswer('The model’s server sent something that is no chat answer.');
  }
  return completion.choices[0]?.[part]?.content ?? '';
}

function badAnswer(what: string, cause?: unknown): AnswerError {
  return new AnswerError('bad-answer', what, 'Check the address under “Model”.', cause);
}

function unreachable(cause: unknown): AnswerError {
  return new AnswerError(
    'unreachable',
    'The model’s server could not be reached.',
    'Check that it runs and allows this page’s origin (CORS), then try again.',
    cause,
  );
}
