import { EngineError } from './engine-error.ts';

/** A new array, or `out-of-memory`. */
export function allocate<Kind>(length: number, kind: new (length: number) => Kind): Kind {
  return inMemory(length, () => new kind(length));
}

/** What makes an array of that length, or `out-of-memory`. */
export function inMemory<Kind>(length: number, make: () => Kind): Kind {
  try {
    return make();
  } catch (cause) {
    throw new EngineError(
      'out-of-memory',
      `There is no memory for an array of ${length} elements. Free some, or work on less at once.`,
      { cause },
    );
  }
}
