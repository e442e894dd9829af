/**
 * What the storage suites do to an index: a sequence of operations that follows from a seed, so that
 * the page which does them and the test that judges need not talk about them.
 */

export const defaultDimensions = 32;
/** Documents that the operations are about. */
export const names = 400;

/**
 * @typedef {{ kind: 'insert', ids: string[] } | { kind: 'remove', ids: string[] } |
 *   { kind: 'optimize' }} Operation
 */

/** @param {number} seed @returns {(below: number) => number} */
export function createRandom(seed) {
  let state = (seed + 1) | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/**
 * @param {number} seed
 * @param {number} number from 1
 * @returns {Operation}
 */
export function operationOf(seed, number) {
  const random = createRandom(seed * 1_000_003 + number);
  const ids = [...new Set(Array.from({ length: 1 + random(20) }, () => `d${random(names)}`))];
  const kind = random(10);
  if (kind === 0) return { kind: 'optimize' };
  return { kind: kind < 3 ? 'remove' : 'insert', ids };
}

/**
 * The vector that an operation gives a document.
 * @param {string} id
 * @param {number} number
 * @param {number} dimensions
 */
export function vectorOf(id, number, dimensions) {
  const random = createRandom(Number(id.slice(1)) * 7_919 + number);
  return Float32Array.from({ length: dimensions }, () => random(2_001) / 1_000 - 1);
}

/**
 * Which operation wrote each document last.
 * @param {number} seed
 * @param {number} last
 * @param {Map<string, number>} [state] what it was before `first`; changed
 * @param {number} [first]
 */
export function stateAfter(seed, last, state = new Map(), first = 1) {
  for (let number = first; number <= last; number++) {
    const operation = operationOf(seed, number);
    if (operation.kind === 'insert') for (const id of operation.ids) state.set(id, number);
    if (operation.kind === 'remove') for (const id of operation.ids) state.delete(id);
  }
  return state;
}
