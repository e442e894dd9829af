/** What keyword search finds, for comparison. */
import MiniSearch from 'minisearch';
import { isStopWord } from './words.mjs';

/**
 * BM25 with the library's defaults, without stop words, over the same turns.
 * @param {{ id: string, text: string }[]} turns
 * @returns {(question: string) => string[]} ids, best first
 */
export function createKeywordSearch(turns) {
  const index = new MiniSearch({
    fields: ['text'],
    processTerm: (term) => (isStopWord(term) ? null : term.toLowerCase()),
  });
  index.addAll(turns);
  return (question) => index.search(question).map(({ id }) => String(id));
}
