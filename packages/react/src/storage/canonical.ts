import { crc32c } from './checksum.ts';

/**
 * One byte string for each structured-cloneable value, whatever order its keys were set in:
 * what checksums cover and what "the same metadata" means. Every part is tagged and
 * length-prefixed, so no two values share an encoding.
 */
export function encodeCanonical(value: unknown): Uint8Array<ArrayBuffer> {
  reset();
  encode(value);
  return buffer.slice(0, length);
}

/** The checksum of a record's encoding, some of its fields left out. */
export function checksumCanonical(record: object, isCovered: (field: string) => boolean): number {
  reset();
  encodeRecord(record, Object.keys(record).filter(isCovered));
  return crc32c(buffer.subarray(0, length));
}

/** Whether two values encode the same. Values without stable bytes (a Blob) never do. */
export function sameCanonical(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  const a = encodeCanonical(left);
  const b = encodeCanonical(right);
  return !hasOpaque(left) && !hasOpaque(right) && sameBytes(a, b);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

// One buffer for all: encoding is synchronous, and rows are many.
const encoder = new TextEncoder();
let buffer = new Uint8Array(4_096);
let view = new DataView(buffer.buffer);
let length = 0;
/** Objects being encoded, outermost first: what a cycle would come back to. */
const ancestors: object[] = [];

function reset(): void {
  length = 0;
  ancestors.length = 0;
}

function reserve(count: number): void {
  if (length + count <= buffer.length) return;
  const larger = new Uint8Array(Math.max(buffer.length * 2, length + count));
  larger.set(buffer.subarray(0, length));
  buffer = larger;
  view = new DataView(buffer.buffer);
}

function putTag(letter: string): void {
  reserve(1);
  buffer[length++] = letter.charCodeAt(0);
}

function putNumber(value: number): void {
  reserve(8);
  view.setFloat64(length, value, true);
  length += 8;
}

function putText(value: string): void {
  // Three bytes a UTF-16 unit at most. A lone surrogate becomes U+FFFD, which only makes the
  // checksum a little weaker for it; the length keeps the boundary.
  putNumber(value.length);
  reserve(value.length * 3);
  length += encoder.encodeInto(value, buffer.subarray(length)).written;
}

function putBytes(value: Uint8Array): void {
  putNumber(value.length);
  reserve(value.length);
  buffer.set(value, length);
  length += value.length;
}

function encode(value: unknown): void {
  switch (typeof value) {
    case 'undefined':
      return putTag('u');
    case 'boolean':
      return putTag(value ? 't' : 'f');
    case 'number':
      putTag('n');
      return putNumber(Object.is(value, -0) ? 0 : value);
    case 'bigint':
      putTag('i');
      return putText(value.toString());
    case 'string':
      putTag('s');
      return putText(value);
    case 'object':
      if (value === null) return putTag('0');
      if (ancestors.includes(value)) return putTag('c');
      ancestors.push(value);
      encodeObject(value);
      ancestors.pop();
      return;
    case 'symbol':
    case 'function':
      // The structured clone algorithm refuses these before they get here.
      return putTag('?');
  }
}

function encodeObject(value: object): void {
  if (Array.isArray(value)) {
    putTag('a');
    putNumber(value.length);
    for (const item of value) encode(item);
  } else if (isPlain(value)) {
    encodeRecord(value, Object.keys(value));
  } else if (value instanceof Date) {
    putTag('d');
    putNumber(value.getTime());
  } else if (value instanceof Map) {
    putTag('m');
    putNumber(value.size);
    for (const [key, item] of value as Map<unknown, unknown>) {
      encode(key);
      encode(item);
    }
  } else if (value instanceof Set) {
    putTag('e');
    putNumber(value.size);
    for (const item of value) encode(item);
  } else if (value instanceof RegExp) {
    putTag('r');
    putText(String(value));
  } else if (value instanceof Error) {
    putTag('x');
    putText(`${value.name}: ${value.message}`);
  } else if (ArrayBuffer.isView(value)) {
    putTag('v');
    putText(value.constructor.name);
    putBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (value instanceof ArrayBuffer) {
    putTag('b');
    putBytes(new Uint8Array(value));
  } else {
    putTag('?');
    putText(Object.prototype.toString.call(value));
  }
}

function encodeRecord(record: object, keys: string[]): void {
  keys.sort();
  putTag('o');
  putNumber(keys.length);
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
