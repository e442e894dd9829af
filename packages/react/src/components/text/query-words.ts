/** Words that match everywhere in English text and so say nothing about why a passage matched. */
const stopWords = new Set(
  (
    'a about all am an and any are as at be been but by can could did do does for from had has ' +
    'have he her him his how i if in into is it its just me my no nor not of on one or our out she ' +
    'should so some than that the their them then there these they this those to too up us was we ' +
    'were what when where which who whom whose why will with would you your'
  ).split(' '),
);

/** Han, kana and Hangul are written without spaces, or with endings attached. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u;

/** The words of a query that are worth pointing out in a passage, in lower case. */
export function queryWords(query: string): readonly string[] {
  const words = query.toLocaleLowerCase().match(/[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu) ?? [];
  const telling = words.filter((word) => !stopWords.has(word) && word.length > 1);
  return [...new Set(telling)];
}

/** Finds any of the words, whole, in any case; `null` when there are none. */
export function wordPattern(words: readonly string[]): RegExp | null {
  if (words.length === 0) return null;
  // Longer first: `post-war` before `post`.
  const sorted = [...words].sort((a, b) => b.length - a.length);
  const spaced = sorted.filter((word) => !unspaced.test(word)).map(escapePattern);
  const parts = sorted.filter((word) => unspaced.test(word)).map(escapePattern);
  if (spaced.length > 0) parts.push(`(?<![\\p{L}\\p{N}])(?:${spaced.join('|')})(?![\\p{L}\\p{N}])`);
  return new RegExp(parts.join('|'), 'giu');
}

function escapePattern(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
