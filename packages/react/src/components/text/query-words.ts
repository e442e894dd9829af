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

/** The words of a query that are worth pointing out in a passage, in lower case, whatever the language. */
export function queryWords(query: string): readonly string[] {
  const words =
    query.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’][\p{L}\p{M}]+)*/gu) ?? [];
  const telling = words.filter((word) => !stopWords.has(word) && word.length > 1);
  return [...new Set(telling)];
}

/** Finds any of the words, whole, in any case; `null` when there are none. */
export function wordPattern(words: readonly string[]): RegExp | null {
  if (words.length === 0) return null;
  // Longer first: `don't` before `don`.
  const sorted = [...words].sort((a, b) => b.length - a.length).map(whole);
  return new RegExp(sorted.join('|'), 'giu');
}

function whole(word: string): string {
  // With and without its dot, i is another letter in some languages, which fold case in another way.
  const folded = word.replace(/[iı]\u0307?/g, '[iıİ]\u0307?');
  return unspaced.test(word) ? word : `(?<!${letter})${folded}(?!${letter})`;
}

const letter = '[\\p{L}\\p{M}\\p{N}]';
