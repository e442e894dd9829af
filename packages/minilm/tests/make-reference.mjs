/**
 * Writes reference.json: vectors of a few texts, computed in Node straight from the model's files,
 * without any code of this package. Run it only when the model changes.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';
import * as ort from 'onnxruntime-web/wasm';

const at = (path) => new URL(path, import.meta.url);
const texts = [
  'This is an example sentence',
  'The lighthouse keeper wrote to his daughter every evening, and every letter began with the weather.',
  'Zażółć gęślą jaźń 🦀 naïve café 東京 — “ﬁnal” É',
];

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmBinary = await readFile(at('../dist/ort-wasm-simd-threaded.wasm'));
const session = await ort.InferenceSession.create(await readFile(at('../model/model.onnx')));
const json = JSON.parse(await readFile(at('../model/tokenizer.json'), 'utf8'));
const config = JSON.parse(await readFile(at('../model/tokenizer_config.json'), 'utf8'));
const tokenizer = new Tokenizer({ ...json, truncation: null, padding: null }, config);

const rows = [];
for (const text of texts) {
  const { ids } = tokenizer.encode(text);
  const tensor = (values) =>
    new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, ids.length]);
  const { last_hidden_state: out } = await session.run({
    input_ids: tensor(ids),
    attention_mask: tensor(ids.map(() => 1)),
    token_type_ids: tensor(ids.map(() => 0)),
  });
  const mean = Array.from({ length: 384 }, (_, i) => {
    let sum = 0;
    for (let t = 0; t < ids.length; t++) sum += out.data[t * 384 + i];
    return sum / ids.length;
  });
  const length = Math.hypot(...mean);
  rows.push({ text, ids, vector: mean.map((x) => Number((x / length).toFixed(7))) });
}
await writeFile(
  at('./reference.json'),
  `[\n${rows.map((r) => JSON.stringify(r)).join(',\n')}\n]\n`,
);
