const stopWords = new Set(
  (
    'a about am an and any are as at be been by can could day did do does for from had has have he ' +
    'her his how i if in into is it its let me my no nor not of on or our out s she should so ' +
    'some t that the their them then there these they this those time to up was we were what ' +
    'when where which who whose why will with would you your'
  ).split(' '),
);

/** @param {string} word */
export function isStopWord(word) {
  return stopWords.has(word.toLowerCase());
}

/**
 * The words that say something, with the plural's s cut off.
 * @param {string} text
 */
export function contentWords(text) {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !isStopWord(word)).map((word) => word.replace(/s$/, ''));
}
