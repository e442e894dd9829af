import { checkWebAssembly, downloadFiles, serveEmbedder } from '@akin/react/embedders/worker';
import type { MinilmFiles } from './files.ts';
import { createModel } from './model.ts';
import { createTokenizer } from './tokenize.ts';

serveEmbedder<MinilmFiles>({
  async load({ model, tokenizer, wasm }, { onProgress }) {
    checkWebAssembly();
    const [modelBytes, tokenizerBytes, wasmBytes] = await downloadFiles(
      [
        { ...model, name: 'model' },
        { ...tokenizer, name: 'tokenizer' },
        { ...wasm, name: 'ONNX Runtime WebAssembly', code: 'wasm-load' },
      ],
      onProgress,
    );
    const tokenize = createTokenizer(new TextDecoder().decode(tokenizerBytes));
    const { run } = await createModel(modelBytes, wasmBytes.buffer);
    return {
      async embed(text) {
        const { ids, truncated } = tokenize(text);
        return { vector: await run(ids), truncated };
      },
    };
  },
});
