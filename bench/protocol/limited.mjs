/** No single step takes longer, unless something hangs. */
const limitMs = 20 * 60_000;

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
export function limited(promise) {
  /** @type {NodeJS.Timeout} */
  let timer;
  const late = new Promise((_, reject) => {
    const minutes = limitMs / 60_000;
    timer = setTimeout(() => reject(new Error(`stopped after ${minutes} minutes`)), limitMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
