/** The Porter stems of a text without stop words. A number is a word; a single letter is not. */
export declare function stems(text: string): Set<string>;

/** The stems outside stop words that a question has in common with a passage. */
export declare function sharedStems(question: string, passage: string): string[];
