/** Bytes one after the other, in a buffer that grows and is used again. Numbers are little-endian. */
export class ByteWriter {
  #buffer = new Uint8Array(4_096);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;
  readonly #encoder = new TextEncoder();

  reset(): void {
    this.#length = 0;
  }

  /** What was written, until something else is. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#length);
  }

  /** One ASCII character. */
  tag(letter: string): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = letter.charCodeAt(0);
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#length, value, true);
    this.#length += 2;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** UTF-8, in which half a surrogate pair becomes U+FFFD. */
  utf8(text: string): void {
    // Three bytes a UTF-16 unit at most.
    this.#reserve(text.length * 3);
    this.#length += this.#encoder.encodeInto(text, this.#buffer.subarray(this.#length)).written;
  }

  /** Its UTF-16 units, which keep every string apart from every other. */
  utf16(text: string): void {
    for (let at = 0; at < text.length; at++) this.uint16(text.charCodeAt(at));
  }

  /** The same as `utf8`, after its length in bytes (uint32). */
  sizedUtf8(text: string): void {
    const start = this.#length;
    this.uint32(0);
    this.utf8(text);
    this.#view.setUint32(start, this.#length - start - 4, true);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + count));
    larger.set(this.written);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}
