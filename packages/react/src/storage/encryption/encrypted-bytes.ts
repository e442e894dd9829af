import type { StoredBytes } from '../schema.ts';
import { OVERHEAD_BYTES } from './cipher.ts';
import type { Cipher } from './cipher.ts';
import { damagedBytesError } from './encryption-errors.ts';

/** Bytes encrypted in one go: who reads a part of a blob decrypts little else. */
const SEGMENT_BYTES = 2 ** 20;
const SEALED_BYTES = SEGMENT_BYTES + OVERHEAD_BYTES;

/** Bytes in memory, on their way into a blob. As a Blob, a browser might put them on the disk. */
export class PlainBytes implements StoredBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
  }
  get size(): number {
    return this.bytes.length;
  }
  slice(start: number, end: number): PlainBytes {
    return new PlainBytes(this.bytes.subarray(start, end));
  }
  arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(this.bytes.slice().buffer);
  }
}

/** Encrypts bytes in segments that each know their place and how many there are. */
export async function encryptBytes(
  cipher: Cipher,
  blob: number,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Blob> {
  const count = Math.ceil(bytes.length / SEGMENT_BYTES);
  const segments: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < count; at++) {
    const segment = bytes.subarray(at * SEGMENT_BYTES, (at + 1) * SEGMENT_BYTES);
    segments.push(await cipher.encrypt(placeOf(blob, at, count), segment));
  }
  return new Blob(segments);
}

/** A stored blob, of which parts are decrypted as they are read. */
export class EncryptedBytes implements StoredBytes {
  readonly #cipher: Cipher;
  readonly #blob: number;
  readonly #source: Blob;
  readonly #start: number;
  readonly #end: number;

  constructor(cipher: Cipher, blob: number, source: Blob, start = 0, end = plainSize(source)) {
    this.#cipher = cipher;
    this.#blob = blob;
    this.#source = source;
    this.#start = start;
    this.#end = end;
  }

  get size(): number {
    return this.#end - this.#start;
  }

  slice(start: number, end: number): EncryptedBytes {
    const within = (at: number) => Math.min(this.#start + at, this.#end);
    return new EncryptedBytes(this.#cipher, this.#blob, this.#source, within(start), within(end));
  }

  /** @throws VectorIndexError `corrupt` when they are not what was written */
  async arrayBuffer(): Promise<ArrayBuffer> {
    const first = Math.floor(this.#start / SEGMENT_BYTES);
    const last = Math.ceil(this.#end / SEGMENT_BYTES);
    const count = Math.ceil(this.#source.size / SEALED_BYTES);
    const stored = this.#source.slice(first * SEALED_BYTES, last * SEALED_BYTES);
    const sealed = new Uint8Array(await stored.arrayBuffer());
    const plain = new Uint8Array(this.size);
    await Promise.all(
      Array.from({ length: last - first }, async (_, at) => {
        const bytes = await this.#cipher.decrypt(
          placeOf(this.#blob, first + at, count),
          sealed.subarray(at * SEALED_BYTES, (at + 1) * SEALED_BYTES),
        );
        if (!bytes) throw damagedBytesError();
        const from = (first + at) * SEGMENT_BYTES;
        const begin = Math.max(this.#start, from);
        const end = Math.min(this.#end, from + bytes.length);
        plain.set(bytes.subarray(begin - from, end - from), begin - this.#start);
      }),
    );
    return plain.buffer;
  }
}

function plainSize({ size }: Blob): number {
  return Math.max(0, size - Math.ceil(size / SEALED_BYTES) * OVERHEAD_BYTES);
}

function placeOf(blob: number, segment: number, count: number) {
  return ['blobs', blob, 'segment', segment, count];
}
