import { createReadStream, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const modelFile = fileURLToPath(new URL('../packages/minilm/model/model.onnx', import.meta.url));
const chunkBytes = 256 * 1024;

/**
 * The real model over a bad connection, for the stories of the first visit:
 *
 * - `/slow-model/<bytes per second>` serves it at that rate
 * - `/flaky-model/<any name>` answers 404 once for each name, then serves it
 */
export function modelServer(): Plugin {
  const failedOnce = new Set<string>();
  return {
    name: 'akin-model-server',
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const [, kind, name = ''] = (request.url ?? '').split('?', 1)[0]?.split('/') ?? [];
        if (kind !== 'slow-model' && kind !== 'flaky-model') {
          next();
          return;
        }
        if (kind === 'flaky-model' && !failedOnce.has(name)) {
          failedOnce.add(name);
          response.writeHead(404).end();
          return;
        }
        response.writeHead(200, {
          'Content-Type': 'application/octet-stream',
          'Content-Length': statSync(modelFile).size,
          'Cache-Control': 'no-store',
        });
        void send(response, kind === 'slow-model' ? Number(name) : Infinity);
      });
    },
  };
}

async function send(
  response: { write(chunk: Buffer): boolean; end(): void; readonly destroyed: boolean },
  bytesPerSecond: number,
): Promise<void> {
  for await (const chunk of createReadStream(modelFile, { highWaterMark: chunkBytes })) {
    if (response.destroyed) return;
    response.write(chunk as Buffer);
    await wait(((chunk as Buffer).length / bytesPerSecond) * 1000);
  }
  response.end();
}
