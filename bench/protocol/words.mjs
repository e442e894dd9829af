/** How settings and failures are told to people. */

const short = { efConstruction: 'efC', efSearch: 'ef' };

/** @param {import('../adapters/adapter.mjs').Params} params */
export function told(params) {
  const entries = Object.entries(params).map(
    ([name, value]) => `${short[/** @type {keyof short} */ (name)] ?? name} ${value}`,
  );
  return entries.length > 0 ? entries.join(', ') : 'defaults';
}

/**
 * A failure in the words of the library, without what the driver of the browser puts around it.
 * @param {any} error
 */
export function inItsWords(error) {
  return String(error?.message ?? error)
    .replace(/^page\.evaluate: (?:Error: )?/, '')
    .split('\n    at ')[0];
}
