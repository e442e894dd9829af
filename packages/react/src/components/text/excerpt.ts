/** About what three lines of a phone hold. Shorter passages are shown from their beginning. */
const startMatters = 160;

/**
 * Where to start showing a passage of which only a few lines fit: at the sentence that holds
 * most of the query's words, when that lies further down; else at the beginning.
 */
export function excerptStart(text: string, pattern: RegExp | null): number {
  if (pattern === null || text.length <= startMatters) return 0;
  let best = { start: 0, matches: 0 };
  for (const { index, 0: sentence } of text.matchAll(sentences)) {
    const words = sentence.match(pattern) ?? [];
    const matches = new Set(words.map((word) => word.toLowerCase())).size;
    if (matches > best.matches) best = { start: index, matches };
  }
  return best.start > startMatters ? best.start : 0;
}

const sentences = /.+?(?:[.!?…。！？]+["'”’)\]]*\s*|$)/gsu;
