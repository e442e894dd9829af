/** What keyword search finds, for comparison. */
import MiniSearch from 'minisearch';

/**
 * BM25 with the library's defaults, over the same turns.
 * @param {{ id: string, text: string }[]} turns
 * @returns {(question: string) => string[]} ids, best first
 */
export function createKeywordSearch(turns) {
  const index = new MiniSearch({ fields: ['text'] });
  index.addAll(turns);
  return (question) => index.search(question).map(({ id }) => String(id));
}
