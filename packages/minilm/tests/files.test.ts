import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { fileSizes } from '../src/files.ts';

const model = new URL('../model/', import.meta.url);

async function sha256(file: URL): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

it('ships the model as it was derived', async () => {
  const lines = (await readFile(new URL('SHA256SUMS', model), 'utf8')).trim().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(3);
  for (const line of lines) {
    const [sum, name] = line.split(/\s+/);
    expect(await sha256(new URL(name!, model)), name).toBe(sum);
  }
  for (const name of ['LICENSE', 'README.md', 'derive.py', 'calibration.txt', 'config.json']) {
    expect((await stat(new URL(name, model))).size, name).toBeGreaterThan(0);
  }
});

it('announces the true sizes', async () => {
  const wasm = createRequire(import.meta.url).resolve(
    'onnxruntime-web/ort-wasm-simd-threaded.wasm',
  );
  expect(fileSizes).toEqual({
    model: (await stat(new URL('model.onnx', model))).size,
    tokenizer: (await stat(new URL('tokenizer.json', model))).size,
    wasm: (await stat(wasm)).size,
  });
});

it('can be imported and created where there is no browser', async () => {
  const { minilm } = await import('../src/index.ts');
  const embedder = minilm();
  expect(embedder.dimensions).toBe(384);
  expect(embedder.status.get()).toEqual({ state: 'idle' });
  await expect(embedder.embed(['text'], { purpose: 'query' })).rejects.toMatchObject({
    code: 'unsupported',
  });
});
