/** Checks of what callers pass. Types are promises that JavaScript does not keep. */
import { EngineError } from './engine-error.ts';

/** The largest number that fits the module's integers. */
export const MAX_U32 = 0xffff_ffff;

// `instanceof` fails for arrays of another realm (a frame, a test environment), and a string tag
// can be forged. The getter behind the tag sees the real kind.
const prototype: unknown = Object.getPrototypeOf(Uint8Array.prototype);

/** What an array says of itself, whatever its own properties or those of its class say. */
function intrinsic(value: unknown, property: string | symbol): unknown {
  return Object.getOwnPropertyDescriptor(prototype, property)?.get?.call(value);
}

/** The kind of a typed array, `undefined` for all else. */
function kindOf(value: unknown): string | undefined {
  return intrinsic(value, Symbol.toStringTag) as string | undefined;
}

interface TypedArrays {
  Float32Array: Float32Array;
  Uint32Array: Uint32Array;
  Uint8Array: Uint8Array;
}

const kinds = { Float32Array, Uint32Array, Uint8Array };

/**
 * Insists on a typed array of a kind, and gives a plain view of it: a class that overrides `length`
 * or `subarray` would otherwise run its own code, or state another length, inside the module.
 */
export function expectArray<Kind extends keyof TypedArrays>(
  value: unknown,
  kind: Kind,
  name: string,
): TypedArrays[Kind] {
  if (kindOf(value) !== kind) {
    throw new EngineError(
      'invalid-input',
      `${name} is ${describe(value)}, not a ${kind}. Pass a ${kind}.`,
    );
  }
  const length = intrinsic(value, 'length') as number;
  // A view of a buffer that was transferred away could not be made; its arrays are empty.
  const view =
    length === 0
      ? new kinds[kind](0)
      : new kinds[kind](
          intrinsic(value, 'buffer') as ArrayBuffer,
          intrinsic(value, 'byteOffset') as number,
          length,
        );
  return view as unknown as TypedArrays[Kind];
}

/** Insists on a plain object of options. */
export function expectOptions(value: unknown, name: string): void {
  if (typeof value !== 'object' || value === null) {
    throw new EngineError(
      'invalid-input',
      `${name} is ${describe(value)}, not an object. Pass an object of options.`,
    );
  }
}

/** Insists on a whole number within bounds, or fills in for `undefined`. */
export function expectInteger(
  value: unknown,
  name: string,
  least: number,
  most: number,
  fallback?: number,
): number {
  if (value === undefined && fallback !== undefined) return fallback;
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
    const range = most >= MAX_U32 ? `from ${least}` : `from ${least} to ${most}`;
    throw new EngineError(
      'invalid-input',
      `${name} is ${describe(value)}. Pass a whole number ${range}.`,
    );
  }
  return value as number;
}

/** Names a value in a message, without ever running its code. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'bigint':
      return 'a bigint';
    case 'string':
      return 'a string';
    case 'symbol':
      return 'a symbol';
    case 'function':
      return 'a function';
    case 'object':
    default:
      return kindOf(value) ?? (Array.isArray(value) ? 'an array' : 'an object');
  }
}

/** Makes a typed array, or fails with `out-of-memory`. */
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
