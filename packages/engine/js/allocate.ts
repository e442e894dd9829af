import { EngineError } from './engine-error.ts';

/** A new array, or `out-of-memory`. */
export function allocate<Kind>(length: number, kind: new (length: number) => Kind): Kind {
  try {
    return new kind(length);
  } catch (cause) {
    throw new EngineError(
      'out-of-memory',
      `There is no memory for an array of ${length} elements. Free some, or work on less at once.`,
      { cause },
    );
  }
}
