import { readableStart } from '@akin/react/embedders/worker';
import { Tokenizer } from '@huggingface/tokenizers';

/** What the model was trained to read. */
export const maxTokens = 256;

export interface TokenizedText {
  /** `[CLS] … [SEP]`, at most {@link maxTokens}. */
  readonly ids: readonly number[];
  readonly truncated: boolean;
}

/** Characters looked at first: enough for 256 tokens of any prose. */
const firstLook = 4096;
/** A cut can change the word it falls into, and a word has at most 100 tokens. */
const enoughTokens = maxTokens + 128;

/** @param json the text of `tokenizer.json` */
export function createTokenizer(json: string): (text: string) => TokenizedText {
  // The file asks for 128 tokens, padded: the model reads 256, and needs no padding one at a time.
  const config = { ...(JSON.parse(json) as object), truncation: null, padding: null };
  const tokenizer = new Tokenizer(config, { tokenizer_class: 'BertTokenizer' });
  const encode = (text: string): number[] => tokenizer.encode(text).ids;
  return (text) => {
    const start = readableStart(text, firstLook, (part) => encode(part).length > enoughTokens);
    const ids = encode(start);
    if (ids.length <= maxTokens) return { ids, truncated: false };
    const separator = ids[ids.length - 1]!;
    return { ids: [...ids.slice(0, maxTokens - 1), separator], truncated: true };
  };
}
