import { stopwords } from '@orama/stopwords/english';
import { stemmer } from 'stemmer';

const stopWords = new Set(stopwords);

/**
 * The Porter stems of a text (`stemmer`) without stop words (Snowball's English list, from
 * `@orama/stopwords`). A number is a word; a single letter is not.
 *
 * @param {string} text
 * @returns {Set<string>}
 */
export function stems(text) {
  const words = text
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/(?<=\d),(?=\d)/g, '')
    .match(/[\p{L}\d]+(?:['.][\p{L}\d]+)*/gu);
  return new Set(
    (words ?? [])
      .filter((word) => !stopWords.has(word))
      .flatMap((word) => (/\d/.test(word) ? [word] : word.replace(/'s$/, '').split(/['.]/)))
      .filter((word) => !stopWords.has(word) && !/^\p{L}?$/u.test(word))
      .map((word) => stemmer(word)),
  );
}

/**
 * The stems outside stop words that a question has in common with a passage.
 *
 * @param {string} question
 * @param {string} passage
 * @returns {string[]}
 */
export function sharedStems(question, passage) {
  const inPassage = stems(passage);
  return [...stems(question)].filter((stem) => inPassage.has(stem));
}
