/** Vectors in clusters, the same in every run. */

const dimensions = 384;
const clusters = 1_000;

function createRandom(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return (((state ^ (state >>> 13)) >>> 0) / 2 ** 32) * 2 - 1;
  };
}

const centres = Array.from({ length: clusters }, (_, at) => {
  const random = createRandom(at + 1);
  return Float32Array.from({ length: dimensions }, random);
});

export function vectorOf(seed: number): Float32Array {
  const random = createRandom(seed + clusters + 1);
  const centre = centres[seed % clusters];
  return Float32Array.from({ length: dimensions }, (_, at) => (centre?.[at] ?? 0) + random() * 0.7);
}

const ofTexts = new Map<string, Float32Array>();

/** Instead of a model's: it is there at once, so that what is measured is Akin. */
export function vectorOfText(text: string): Float32Array {
  const known = ofTexts.get(text);
  if (known) return known;
  let seed = 0;
  for (const letter of text) seed = (Math.imul(seed, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  const vector = vectorOf(seed);
  ofTexts.set(text, vector);
  return vector;
}
