/**
 * Some libraries fix `efSearch` when an index is made. To sweep it without building again for
 * every value, the number is found in WASM memory and changed there; their users would have to
 * build again. The index, and what a search costs, are the same as if it had been made so.
 */

/** An `efSearch` that no set of parameters holds otherwise. */
export const placeholder = 9_973;

export class FixedEf {
  /** @type {number[]} */
  #words = [];

  /**
   * Looks for the configuration right after an index was made, while memory is small.
   * @param {() => ArrayBuffer} buffer of the WASM memory, which moves as it grows
   * @param {number[]} neighbours numbers that stand within four words of it
   */
  constructor(buffer, neighbours) {
    this.buffer = buffer;
    const words = new Uint32Array(buffer());
    for (let at = words.indexOf(placeholder); at >= 0; at = words.indexOf(placeholder, at + 1)) {
      const near = words.subarray(Math.max(0, at - 4), at + 5);
      if (neighbours.every((number) => near.includes(number))) this.#words.push(at);
    }
    if (this.#words.length === 0) throw new Error('efSearch was not found in WASM memory.');
    this.expected = placeholder;
  }

  /** @param {number} ef */
  set(ef) {
    const words = new Uint32Array(this.buffer());
    // Copies of the configuration that were freed since hold something else now.
    const live = this.#words.filter((at) => words[at] === this.expected);
    if (live.length === 0) throw new Error('efSearch is no longer where it was.');
    for (const at of live) words[at] = ef;
    this.#words = live;
    this.expected = ef;
  }
}
