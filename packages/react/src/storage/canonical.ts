/**
 * One byte string for each structured-cloneable value, whatever order its keys were set in:
 * what checksums cover and what "the same metadata" means. Every part is tagged and
 * length-prefixed, so no two values share an encoding.
 */
export function encodeCanonical(value: unknown): Uint8Array<ArrayBuffer> {
  const writer = createWriter();
  encode(value, writer, new Set());
  return writer.bytes();
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

interface Writer {
  tag(letter: string): void;
  number(value: number): void;
  text(value: string): void;
  raw(value: Uint8Array): void;
  bytes(): Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

function createWriter(): Writer {
  let buffer = new Uint8Array(256);
  let length = 0;
  const reserve = (count: number) => {
    if (length + count <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + count));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  };
  const writer: Writer = {
    tag(letter) {
      reserve(1);
      buffer[length++] = letter.charCodeAt(0);
    },
    number(value) {
      reserve(8);
      new DataView(buffer.buffer).setFloat64(length, value, true);
      length += 8;
    },
    text(value) {
      // Three bytes a UTF-16 unit at most. A lone surrogate becomes U+FFFD, which only makes
      // the checksum a little weaker for it; the length keeps the boundary.
      writer.number(value.length);
      reserve(value.length * 3);
      length += encoder.encodeInto(value, buffer.subarray(length)).written;
    },
    raw(value) {
      writer.number(value.length);
      reserve(value.length);
      buffer.set(value, length);
      length += value.length;
    },
    bytes: () => buffer.slice(0, length),
  };
  return writer;
}

function encode(value: unknown, out: Writer, ancestors: Set<object>): void {
  switch (typeof value) {
    case 'undefined':
      return out.tag('u');
    case 'boolean':
      return out.tag(value ? 't' : 'f');
    case 'number':
      out.tag('n');
      return out.number(Object.is(value, -0) ? 0 : value);
    case 'bigint':
      out.tag('i');
      return out.text(value.toString());
    case 'string':
      out.tag('s');
      return out.text(value);
    case 'object':
      return value === null ? out.tag('0') : encodeObject(value, out, ancestors);
    case 'symbol':
    case 'function':
      // The structured clone algorithm refuses these before they get here.
      return out.tag('?');
  }
}

function encodeObject(value: object, out: Writer, ancestors: Set<object>): void {
  if (ancestors.has(value)) return out.tag('c');
  ancestors.add(value);
  if (Array.isArray(value)) {
    out.tag('a');
    out.number(value.length);
    for (const item of value) encode(item, out, ancestors);
  } else if (value instanceof Date) {
    out.tag('d');
    out.number(value.getTime());
  } else if (value instanceof Map) {
    out.tag('m');
    out.number(value.size);
    for (const [key, item] of value as Map<unknown, unknown>) {
      encode(key, out, ancestors);
      encode(item, out, ancestors);
    }
  } else if (value instanceof Set) {
    out.tag('e');
    out.number(value.size);
    for (const item of value) encode(item, out, ancestors);
  } else if (value instanceof RegExp) {
    out.tag('r');
    out.text(String(value));
  } else if (value instanceof Error) {
    out.tag('x');
    out.text(`${value.name}: ${value.message}`);
  } else if (ArrayBuffer.isView(value)) {
    out.tag('v');
    out.text(value.constructor.name);
    out.raw(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (value instanceof ArrayBuffer) {
    out.tag('b');
    out.raw(new Uint8Array(value));
  } else if (isPlain(value)) {
    const keys = Object.keys(value).sort();
    out.tag('o');
    out.number(keys.length);
    for (const key of keys) {
      out.text(key);
      encode((value as Record<string, unknown>)[key], out, ancestors);
    }
  } else {
    out.tag('?');
    out.text(Object.prototype.toString.call(value));
  }
  ancestors.delete(value);
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
