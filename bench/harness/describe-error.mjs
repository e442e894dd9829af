/**
 * What a library threw, in its own words: some throw objects that are no errors.
 * @param {any} error
 * @returns {string}
 */
export function describeError(error) {
  if (error instanceof Error) return error.message || error.name;
  if (typeof error?.message === 'string') return error.message;
  return typeof error === 'object' ? JSON.stringify(error) : String(error);
}
