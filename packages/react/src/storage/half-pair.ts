/** Half a surrogate pair, for which UTF-8 has no form. */
export function hasHalfPair(text: string): boolean {
  // Younger than the browsers that are supported.
  const { isWellFormed } = text as { isWellFormed?: () => boolean };
  return isWellFormed ? !isWellFormed.call(text) : /\p{Surrogate}/u.test(text);
}
