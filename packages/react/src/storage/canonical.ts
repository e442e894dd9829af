import { ByteWriter } from './byte-writer.ts';
import { crc32c } from './checksum.ts';
import { hasHalfPair } from './half-pair.ts';

/**
 * One byte string for each structured-cloneable value, whatever order its keys were set in:
 * what checksums cover and what "the same metadata" means. Every part is tagged and
 * length-prefixed, so no two values share an encoding.
 */
export function encodeCanonical(value: unknown): Uint8Array<ArrayBuffer> {
  reset();
  encode(value);
  return writer.written.slice();
}

/** The checksum of a record's encoding, some of its fields left out. */
export function checksumCanonical(record: object, isCovered: (field: string) => boolean): number {
  reset();
  encodeRecord(record, Object.keys(record).filter(isCovered));
  return crc32c(writer.written);
}

/**
 * Whether two values encode the same, hold the same halves of surrogate pairs, and come back to the same
 * objects where they contain themselves. Values without stable bytes (a Blob) never do.
 */
export function sameCanonical(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  const a = encodeExactly(left);
  const b = encodeExactly(right);
  return !hasOpaque(left) && !hasOpaque(right) && sameBytes(a, b);
}

function encodeExactly(value: unknown): Uint8Array {
  isExact = true;
  try {
    return encodeCanonical(value);
  } finally {
    isExact = false;
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

// One buffer for all: encoding is synchronous, and rows are many.
const writer = new ByteWriter();
/** Objects being encoded, outermost first: what a cycle would come back to. */
const ancestors: object[] = [];
/**
 * Whether halves of surrogate pairs are told apart, and where cycles come back to. Stored checksums are of an
 * encoding that does neither.
 */
let isExact = false;

function reset(): void {
  writer.reset();
  ancestors.length = 0;
}

function putText(value: string): void {
  if (isExact && hasHalfPair(value)) {
    // A length that no other string has keeps the two forms apart.
    writer.float64(-value.length);
    writer.utf16(value);
    return;
  }
  // A lone surrogate only makes the checksum a little weaker; the length keeps the boundary.
  writer.float64(value.length);
  writer.utf8(value);
}

function putBytes(value: Uint8Array): void {
  writer.float64(value.length);
  writer.bytes(value);
}

function encode(value: unknown): void {
  switch (typeof value) {
    case 'undefined':
      return writer.tag('u');
    case 'boolean':
      return writer.tag(value ? 't' : 'f');
    case 'number':
      writer.tag('n');
      return writer.float64(Object.is(value, -0) ? 0 : value);
    case 'bigint':
      writer.tag('i');
      return putText(value.toString());
    case 'string':
      writer.tag('s');
      return putText(value);
    case 'object':
      if (value === null) return writer.tag('0');
      if (ancestors.includes(value)) {
        writer.tag('c');
        if (isExact) writer.float64(ancestors.indexOf(value));
        return;
      }
      ancestors.push(value);
      encodeObject(value);
      ancestors.pop();
      return;
    case 'symbol':
    case 'function':
      // The structured clone algorithm refuses these before they get here.
      return writer.tag('?');
  }
}

function encodeObject(value: object): void {
  if (Array.isArray(value)) {
    writer.tag('a');
    writer.float64(value.length);
    for (const item of value) encode(item);
  } else if (isPlain(value)) {
    encodeRecord(value, Object.keys(value));
  } else if (value instanceof Date) {
    writer.tag('d');
    writer.float64(value.getTime());
  } else if (value instanceof Map) {
    writer.tag('m');
    writer.float64(value.size);
    for (const [key, item] of value as Map<unknown, unknown>) {
      encode(key);
      encode(item);
    }
  } else if (value instanceof Set) {
    writer.tag('e');
    writer.float64(value.size);
    for (const item of value) encode(item);
  } else if (value instanceof RegExp) {
    writer.tag('r');
    putText(String(value));
  } else if (value instanceof Error) {
    writer.tag('x');
    putText(`${value.name}: ${value.message}`);
  } else if (ArrayBuffer.isView(value)) {
    writer.tag('v');
    putText(value.constructor.name);
    putBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (value instanceof ArrayBuffer) {
    writer.tag('b');
    putBytes(new Uint8Array(value));
  } else {
    writer.tag('?');
    putText(Object.prototype.toString.call(value));
  }
}

function encodeRecord(record: object, keys: string[]): void {
  keys.sort();
  writer.tag('o');
  writer.float64(keys.length);
  for (const key of keys) {
    putText(key);
    encode((record as Record<string, unknown>)[key]);
  }
}

function isPlain(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** Whether a value holds something whose content cannot be read synchronously. */
function hasOpaque(value: unknown, ancestors = new Set<unknown>()): boolean {
  if (typeof value !== 'object' || value === null || ancestors.has(value)) return false;
  ancestors.add(value);
  if (Array.isArray(value)) return value.some((item) => hasOpaque(item, ancestors));
  if (value instanceof Map || value instanceof Set) {
    return [...(value as Iterable<unknown>)].some((item) => hasOpaque(item, ancestors));
  }
  if (
    value instanceof Date ||
    value instanceof RegExp ||
    value instanceof Error ||
    value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value)
  ) {
    return false;
  }
  if (!isPlain(value)) return true;
  return Object.values(value).some((item) => hasOpaque(item, ancestors));
}
