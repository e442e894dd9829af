/** A vector of its own for every number, the same every time. */
export function numberedVector(number: number, dimensions: number): Float32Array<ArrayBuffer> {
  const vector = new Float32Array(dimensions);
  let state = (number + 1) * 0x9e3779b1;
  for (let at = 0; at < dimensions; at++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    vector[at] = ((state >>> 8) & 0xffff) / 0x8000 - 1;
  }
  return vector;
}
