/** Checks of what callers pass. Types are promises that JavaScript does not keep. */
import { EngineError } from './engine-error.ts';

/** The largest number that fits the module's integers. */
export const MAX_U32 = 0xffff_ffff;

// `instanceof` fails for arrays of another realm (a frame, a test environment), and a string tag
// can be forged. The getter behind the tag sees the real kind.
const prototype: unknown = Object.getPrototypeOf(Uint8Array.prototype);
const kindTag = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag);

/** The kind of a typed array, `undefined` for all else. */
function kindOf(value: unknown): string | undefined {
  return kindTag?.get?.call(value) as string | undefined;
}

const trueLength = Object.getOwnPropertyDescriptor(prototype, 'length');

/** How many elements a typed array really has: its own `length` can be made to say anything. */
export function lengthOf(array: Float32Array | Uint32Array): number {
  return trueLength?.get?.call(array) as number;
}

interface TypedArrays {
  Float32Array: Float32Array;
  Uint32Array: Uint32Array;
  Uint8Array: Uint8Array;
}

/** Insists on a typed array of a kind. */
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
  return value as TypedArrays[Kind];
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
