/** Checks of what callers pass. Types are promises that JavaScript does not keep. */
import { EngineError } from './engine-error.ts';

/** The largest number that fits the module's integers. */
export const MAX_U32 = 0xffff_ffff;

// `instanceof` fails for arrays of another realm (a frame, a test environment), and a string tag
// can be forged. The getter behind the tag sees the real kind.
const prototype: unknown = Object.getPrototypeOf(Uint8Array.prototype);

/** What an array says of itself, whatever its own properties or those of its class say. */
function intrinsic(property: string | symbol): (array: unknown) => unknown {
  const described = Object.getOwnPropertyDescriptor(prototype, property);
  return (array) => described?.get?.call(array) as unknown;
}

/** The kind of a typed array, `undefined` for all else. */
const kindOf = intrinsic(Symbol.toStringTag) as (value: unknown) => string | undefined;

/** How many elements a typed array really has: its own `length` can be made to say anything. */
export const lengthOf = intrinsic('length') as (array: unknown) => number;

const bufferOf = intrinsic('buffer') as (array: unknown) => ArrayBuffer;
const offsetOf = intrinsic('byteOffset') as (array: unknown) => number;

interface TypedArrays {
  Float32Array: Float32Array;
  Uint32Array: Uint32Array;
  Uint8Array: Uint8Array;
}

const kinds = { Float32Array, Uint32Array, Uint8Array };

/** Insists on a typed array of a kind. */
export function checkArray(value: unknown, kind: keyof TypedArrays, name: string): void {
  if (kindOf(value) === kind) return;
  throw new EngineError(
    'invalid-input',
    `${name} is ${describe(value)}, not a ${kind}. Pass a ${kind}.`,
  );
}

/**
 * Insists on a typed array of a kind, and gives a plain view of it: a class that overrides `length`
 * or `subarray` would otherwise run its own code, or state another length, inside the module.
 */
export function expectArray<Kind extends keyof TypedArrays>(
  value: unknown,
  kind: Kind,
  name: string,
): TypedArrays[Kind] {
  checkArray(value, kind, name);
  const length = lengthOf(value);
  // A view of a buffer that was transferred away could not be made; its arrays are empty.
  const view =
    length === 0 ? new kinds[kind](0) : new kinds[kind](bufferOf(value), offsetOf(value), length);
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

/** Insists on a number within bounds, or fills in for `undefined`. */
export function expectNumber(
  value: unknown,
  name: string,
  least: number,
  most: number,
  fallback: number,
): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new EngineError(
      'invalid-input',
      `${name} is ${describe(value)}. Pass a number from ${least} to ${most}.`,
    );
  }
  return value;
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
