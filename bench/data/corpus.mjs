/** The texts of the example's corpus: its passages, and their sentences. */
import { createHash } from 'node:crypto';
import { buildCorpus } from '../../examples/ask/scripts/build-corpus.mjs';
import { shuffle } from './random.mjs';

/** Sentences of fewer words say too little to be searched for. */
const leastWords = 4;

/**
 * @returns {{ passages: string[], sentences: string[], heldOut: string[], sha256: string }} in the
 * order of the corpus, without doubles; the held-out sentences are none of the others
 */
export function texts() {
  const passages = buildCorpus()
    .documents.flatMap((document) => document.passages)
    .map((passage) => passage.text);
  const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
  const found = passages
    .flatMap((text) => Array.from(segmenter.segment(text), ({ segment }) => segment.trim()))
    .filter((text) => text.split(' ').length >= leastWords);
  const all = [...new Set(found)];
  const heldOut = new Set(shuffle([...all], 17).slice(0, 1_000));
  const sentences = all.filter((text) => !heldOut.has(text));
  const sha256 = createHash('sha256')
    .update(JSON.stringify([passages, all]))
    .digest('hex');
  return { passages, sentences, heldOut: [...heldOut], sha256 };
}
