import { VectorIndexError } from '../../core/errors.ts';
import { ByteWriter } from '../byte-writer.ts';
import { hasHalfPair } from '../half-pair.ts';

/**
 * Values as bytes and back, for what is to be encrypted: browsers clone values, but give nobody the
 * bytes. Every part is tagged and length-prefixed, so no two values share an encoding.
 *
 * @throws VectorIndexError `invalid-input` for what it has no form for: functions, symbols, Blobs and
 * other objects of the platform, and objects that contain themselves
 */
export function encodeValue(value: unknown): Uint8Array<ArrayBuffer> {
  writer.reset();
  ancestors.length = 0;
  put(value);
  return writer.written.slice();
}

/** @throws when the bytes are not what {@link encodeValue} gave */
export function decodeValue(bytes: Uint8Array<ArrayBuffer>): unknown {
  const reader = createReader(bytes);
  const value = read(reader);
  if (!reader.isAtEnd()) throw new RangeError('Bytes are left over.');
  return value;
}

const VIEWS: Record<string, new (bytes: ArrayBuffer) => ArrayBufferView> = {
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};
const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

// -- writing: one buffer for all, because it is synchronous and rows are many --------------------

const writer = new ByteWriter();
/** Objects being encoded, outermost first: what a cycle would come back to. */
const ancestors: object[] = [];

function putBytes(bytes: Uint8Array): void {
  writer.uint32(bytes.length);
  writer.bytes(bytes);
}

function putText(value: string): void {
  if (!hasHalfPair(value)) {
    writer.tag('s');
    writer.sizedUtf8(value);
    return;
  }
  writer.tag('w');
  writer.uint32(value.length);
  writer.utf16(value);
}

function put(value: unknown): void {
  switch (typeof value) {
    case 'undefined':
      return writer.tag('u');
    case 'boolean':
      return writer.tag(value ? 't' : 'f');
    case 'number':
      writer.tag('n');
      return writer.float64(value);
    case 'bigint':
      writer.tag('i');
      return putText(value.toString());
    case 'string':
      return putText(value);
    case 'object':
      if (value === null) return writer.tag('0');
      if (ancestors.includes(value)) throw refused();
      ancestors.push(value);
      putObject(value);
      ancestors.pop();
      return;
    case 'symbol':
    case 'function':
      throw refused();
  }
}

function putObject(value: object): void {
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (Array.isArray(value)) {
    writer.tag('a');
    writer.uint32(value.length);
    for (const item of value) put(item);
  } else if (kind === 'Object') {
    const entries = Object.entries(value);
    writer.tag('o');
    writer.uint32(entries.length);
    for (const [key, item] of entries) {
      putText(key);
      put(item);
    }
  } else if (value instanceof ArrayBuffer) {
    writer.tag('b');
    putBytes(new Uint8Array(value));
  } else if (ArrayBuffer.isView(value) && Object.hasOwn(VIEWS, kind)) {
    writer.tag('v');
    putText(kind);
    putBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (value instanceof Date) {
    writer.tag('d');
    writer.float64(value.getTime());
  } else if (value instanceof Map) {
    writer.tag('m');
    writer.uint32(value.size);
    for (const [key, item] of value as Map<unknown, unknown>) {
      put(key);
      put(item);
    }
  } else if (value instanceof Set) {
    writer.tag('e');
    writer.uint32(value.size);
    for (const item of value as Set<unknown>) put(item);
  } else if (value instanceof RegExp) {
    writer.tag('r');
    putText(value.source);
    putText(value.flags);
  } else if (value instanceof Error) {
    writer.tag('x');
    putText(value.name);
    putText(value.message);
    put(value.stack);
  } else {
    throw refused();
  }
}

function refused(): VectorIndexError {
  return new VectorIndexError(
    'invalid-input',
    'A document holds something that an encrypted index cannot store.',
    'Keep to text, numbers, dates, buffers, arrays, maps, sets and plain objects without cycles.',
  );
}

// -- reading -------------------------------------------------------------------------------------

interface Reader {
  tag(): string;
  count(): number;
  number(): number;
  bytes(count: number): Uint8Array<ArrayBuffer>;
  isAtEnd(): boolean;
}

function createReader(source: Uint8Array<ArrayBuffer>): Reader {
  const data = new DataView(source.buffer, source.byteOffset, source.byteLength);
  let at = 0;
  const skip = (count: number) => {
    at += count;
    return at - count;
  };
  return {
    tag: () => String.fromCharCode(data.getUint8(skip(1))),
    count: () => data.getUint32(skip(4), true),
    number: () => data.getFloat64(skip(8), true),
    bytes(count) {
      if (at + count > source.length) throw new RangeError('Cut short.');
      const start = skip(count);
      return source.subarray(start, start + count);
    },
    isAtEnd: () => at === source.length,
  };
}

function readText(reader: Reader): string {
  const value = read(reader);
  if (typeof value !== 'string') throw new TypeError('No text.');
  return value;
}

function read(reader: Reader): unknown {
  const tag = reader.tag();
  switch (tag) {
    case 'u':
      return undefined;
    case '0':
      return null;
    case 't':
    case 'f':
      return tag === 't';
    case 'n':
      return reader.number();
    case 'i':
      return BigInt(readText(reader));
    case 's':
      return decoder.decode(reader.bytes(reader.count()));
    case 'w':
      return readUnits(reader);
    case 'a':
      return Array.from({ length: reader.count() }, () => read(reader));
    case 'o':
      return readRecord(reader);
    case 'b':
      return reader.bytes(reader.count()).slice().buffer;
    case 'v': {
      const create = VIEWS[readText(reader)];
      const { buffer: bytes } = reader.bytes(reader.count()).slice();
      if (!create) throw new TypeError('No such view.');
      return new create(bytes);
    }
    case 'd':
      return new Date(reader.number());
    case 'm':
      return new Map(
        Array.from({ length: reader.count() }, () => [read(reader), read(reader)] as const),
      );
    case 'e':
      return new Set(Array.from({ length: reader.count() }, () => read(reader)));
    case 'r':
      return new RegExp(readText(reader), readText(reader));
    case 'x':
      return readError(reader);
    default:
      throw new TypeError('No such tag.');
  }
}

function readUnits(reader: Reader): string {
  const units = reader.count();
  const bytes = reader.bytes(units * 2);
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    text += String.fromCharCode((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  }
  return text;
}

function readRecord(reader: Reader): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (let left = reader.count(); left > 0; left--) {
    const key = readText(reader);
    const value = read(reader);
    if (key !== '__proto__') record[key] = value;
    // Assigned, this one would be the prototype.
    else
      Object.defineProperty(record, key, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return record;
}

function readError(reader: Reader): Error {
  const name = readText(reader);
  const message = readText(reader);
  const stack = read(reader);
  const kind = Object.hasOwn(ERRORS, name) ? ERRORS[name as keyof typeof ERRORS] : Error;
  const error = new kind(message);
  // As a clone has it: no property of its own where the prototype says the same.
  if (error.name !== name) error.name = name;
  if (typeof stack === 'string') error.stack = stack;
  else delete error.stack;
  return error;
}
