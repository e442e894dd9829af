/**
 * How many bytes the structured clone of a row takes: V8's format, counted instead of written,
 * because a browser does not show it. `tests/clone-size.test.mjs` compares it with Node's.
 */
/* global Blob */

/** @param {unknown} row @returns {number} Blobs in it with their own bytes */
export function cloneSize(row) {
  return 2 + sizeOf(row);
}

/** @param {unknown} value @returns {number} */
function sizeOf(value) {
  if (typeof value === 'string') return sizeOfText(value);
  if (typeof value === 'number') return isSmall(value) ? 1 + varint(zigzag(value)) : 9;
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Blob) return value.size;
  if (value instanceof ArrayBuffer) return 1 + varint(value.byteLength) + value.byteLength;
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return sizeOf(buffer) + 2 + varint(byteOffset) + varint(byteLength) + 1;
  }
  if (Array.isArray(value)) {
    const items = value.reduce((sum, item) => sum + sizeOf(item), 0);
    return 3 + 2 * varint(value.length) + items;
  }
  const entries = Object.entries(value);
  const fields = entries.reduce((sum, [name, field]) => sum + sizeOfText(name) + sizeOf(field), 0);
  return 2 + varint(entries.length) + fields;
}

/** One byte a character while all are Latin-1, else two. @param {string} text */
function sizeOfText(text) {
  const isNarrow = !/[^\0-\xff]/.test(text);
  const bytes = isNarrow ? text.length : 2 * text.length;
  return 1 + varint(bytes) + bytes;
}

/** @param {number} value */
function isSmall(value) {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 30 && !Object.is(value, -0);
}

/** @param {number} value */
function zigzag(value) {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** @param {number} value how many bytes it takes, seven bits each */
function varint(value) {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
