/** SplitMix64, as in `tests/support/mod.rs`: the same numbers for the same seed. */
export class Random {
  #state: bigint;

  constructor(seed: number) {
    this.#state = BigInt(seed);
  }

  next(): bigint {
    const wrap = (value: bigint) => BigInt.asUintN(64, value);
    this.#state = wrap(this.#state + 0x9e3779b97f4a7c15n);
    let z = this.#state;
    z = wrap((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = wrap((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  }

  /** A float from -1 to 1, exact on every machine. */
  float(): number {
    return Number(this.next() >> 40n) / 2 ** 23 - 1;
  }

  floats(count: number): Float32Array {
    return Float32Array.from({ length: count }, () => this.float());
  }
}
