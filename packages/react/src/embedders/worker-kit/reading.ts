/**
 * The beginning of a text that holds all a model reads of it, so that a book costs no more than a
 * page. `isEnough` says of a beginning whether it already is more than the model reads, with so
 * much to spare that the word it was cut in makes no difference.
 *
 * @example
 * ```ts
 * import { readableStart } from '@akin/react/embedders/worker';
 *
 * const maxTokens = 256;
 *
 * // Tokenizes no more of a book than the model reads.
 * export function tokensOf(text: string, tokenize: (text: string) => readonly number[]) {
 *   const isEnough = (start: string) => tokenize(start).length > maxTokens * 2;
 *   return tokenize(readableStart(text, maxTokens * 16, isEnough)).slice(0, maxTokens);
 * }
 * ```
 */
export function readableStart(
  text: string,
  firstLook: number,
  isEnough: (start: string) => boolean,
): string {
  for (let look = firstLook; look < text.length; look *= 4) {
    const start = text.slice(0, look);
    if (isEnough(start)) return start;
  }
  return text;
}
