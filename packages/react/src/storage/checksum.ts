/**
 * CRC-32C (Castagnoli), eight bytes a step. Rows carry it so that a damaged one is noticed
 * instead of believed.
 */

const POLYNOMIAL = 0x82f63b78;

/** Eight tables of 256 entries: table `t` holds the CRC of a byte followed by `t` zero bytes. */
const TABLES = buildTables();

function buildTables(): Uint32Array {
  const tables = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let index = 256; index < tables.length; index++) {
    const previous = at(tables, index - 256);
    tables[index] = (previous >>> 8) ^ at(tables, previous & 0xff);
  }
  return tables;
}

/** Every index used here is in range by construction. */
function at(values: Uint32Array | Uint8Array, index: number): number {
  return values[index] as number;
}

/** The checksum of `bytes`, or of what came before (`previous`) followed by `bytes`. */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  let offset = 0;
  const words = bytes.length - (bytes.length % 8);
  for (; offset < words; offset += 8) {
    crc ^=
      at(bytes, offset) |
      (at(bytes, offset + 1) << 8) |
      (at(bytes, offset + 2) << 16) |
      (at(bytes, offset + 3) << 24);
    crc =
      at(TABLES, 1792 + (crc & 0xff)) ^
      at(TABLES, 1536 + ((crc >>> 8) & 0xff)) ^
      at(TABLES, 1280 + ((crc >>> 16) & 0xff)) ^
      at(TABLES, 1024 + (crc >>> 24)) ^
      at(TABLES, 768 + at(bytes, offset + 4)) ^
      at(TABLES, 512 + at(bytes, offset + 5)) ^
      at(TABLES, 256 + at(bytes, offset + 6)) ^
      at(TABLES, at(bytes, offset + 7));
  }
  for (; offset < bytes.length; offset++) {
    crc = (crc >>> 8) ^ at(TABLES, (crc ^ at(bytes, offset)) & 0xff);
  }
  return ~crc >>> 0;
}
