/** A model's server on this machine: speaks /v1/chat/completions, says what the test tells it. */
import { createServer } from 'node:http';
import { listen } from '../../scripts/static-server.mjs';

/**
 * @typedef {{ role: string, content: string }} ChatMessage
 * @typedef {{ url: string | undefined, authorization: string | undefined,
 *   body: { model: string, stream: boolean, messages: ChatMessage[] } }} Call
 * @typedef {'stream' | 'json' | 'error' | 'stall' | 'garbage'} Behaviour
 */

export async function startCompletionsServer() {
  /** @type {Call[]} */
  const calls = [];
  const state = {
    /** @type {Behaviour} */
    behaviour: 'stream',
    status: 500,
    answer: 'Rain sounds, as you told me.',
    aborted: 0,
  };
  const server = createServer(async (request, response) => {
    const cors = {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'authorization, content-type',
    };
    if (request.method === 'OPTIONS') return response.writeHead(204, cors).end();
    let body = '';
    for await (const part of request) body += part;
    const { authorization } = request.headers;
    calls.push({ url: request.url, authorization, body: JSON.parse(body) });
    response.on('close', () => {
      if (!response.writableFinished) state.aborted += 1;
    });
    /** @param {string} content */
    const chunk = (content) =>
      response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);

    switch (state.behaviour) {
      case 'error':
        return response.writeHead(state.status, cors).end('{"error":{"message":"no"}}');
      case 'garbage':
        return response.writeHead(200, { ...cors, 'content-type': 'text/html' }).end('<p>hi');
      case 'json':
        return response
          .writeHead(200, { ...cors, 'content-type': 'application/json' })
          .end(JSON.stringify({ choices: [{ message: { content: state.answer } }] }));
      default: {
        response.writeHead(200, { ...cors, 'content-type': 'text/event-stream' });
        const words = state.answer.split(/(?<= )/);
        chunk(words[0] ?? '');
        if (state.behaviour === 'stall') return undefined; // Until somebody hangs up.
        for (const word of words.slice(1)) {
          await new Promise((resolve) => setTimeout(resolve, 10));
          chunk(word);
        }
        return response.end('data: [DONE]\n\n');
      }
    }
  });
  const port = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    calls,
    state,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}
