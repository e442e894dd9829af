/** The most words that a passage gets, unless a short remainder joins it. */
export declare const PASSAGE_WORDS: number;

/** A passage with fewer words than this, left over before a long sentence, joins the one before. */
export declare const REMAINDER_WORDS: number;

/** Every run of whitespace becomes one space; nothing else changes. */
export declare function normaliseWhitespace(text: string): string;

/**
 * Splits a text into passages of whole sentences, without overlap and without loss: joined by
 * spaces, they are the text. Only a sentence longer than a whole passage is cut, between words.
 */
export declare function splitText(text: string): string[];
