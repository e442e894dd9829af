import { split } from 'llm-splitter';

/** The most words that a passage gets, unless a short remainder joins it. */
export const PASSAGE_WORDS = 84;

/** A passage with fewer words than this, left over before a long sentence, joins the one before. */
export const REMAINDER_WORDS = 30;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Ends a segment without ending a sentence: `Mr.`, `No.`, `J.`, `U.S.` */
const ABBREVIATION = new RegExp(
  String.raw`(?:^|[\s"'“‘(\[])` +
    String.raw`(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|Gen|Col|Capt|Lt|Sgt|Sen|Rep|Gov|Prof|Rev|Hon|No|vs|` +
    String.raw`(?:[A-Z]\.)*[A-Z])\.\s*$`,
);

/** A segment that is nothing but an aside, such as `(Applause.)`. */
const ASIDE = /^[([][^()[\]]*[)\]]\s*$/;

/**
 * Sentences in the order of the text. Joined, they are the text.
 *
 * @param {string} text
 * @returns {string[]}
 */
function splitSentences(text) {
  /** @type {string[]} */
  const sentences = [];
  let open = false;
  for (const { segment } of segmenter.segment(text)) {
    if (sentences.length > 0 && (open || ASIDE.test(segment))) {
      sentences[sentences.length - 1] += segment;
    } else {
      sentences.push(segment);
    }
    open = ABBREVIATION.test(segment);
  }
  return sentences;
}

/**
 * The units that a passage's length is counted in: words. A run without a space that is longer
 * than any word, such as an address of a page, counts as several.
 *
 * @param {string} text
 * @returns {string[]}
 */
function splitWords(text) {
  return text.match(/\S{1,48}/gu) ?? [];
}

/**
 * Every run of whitespace becomes one space; nothing else changes.
 *
 * @param {string} text
 * @returns {string}
 */
export function normaliseWhitespace(text) {
  return text.replace(/\s+/gu, ' ').trim();
}

/**
 * Splits a text into passages of whole sentences, without overlap and without loss: joined by
 * spaces, they are the text. Only a sentence longer than a whole passage is cut, between words.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function splitText(text) {
  const sentences = splitSentences(normaliseWhitespace(text));
  const chunks = split(sentences, {
    chunkSize: PASSAGE_WORDS,
    chunkOverlap: 0,
    chunkStrategy: 'paragraph',
    splitter: splitWords,
  });
  /** @type {string[]} */
  const passages = [];
  for (const chunk of chunks) {
    const passage = chunk.text.join('').trim();
    if (passages.length > 0 && splitWords(passage).length < REMAINDER_WORDS) {
      passages[passages.length - 1] += ` ${passage}`;
    } else {
      passages.push(passage);
    }
  }
  return passages;
}
