const IV_BYTES = 12;
const TAG_BYTES = 16;
/** What encryption adds to a run of bytes. */
export const OVERHEAD_BYTES = IV_BYTES + TAG_BYTES;
/** Of a name's hash: 128 bits. */
const HASH_BYTES = 16;
/** Rises when the same bytes would be read differently. */
const FORMAT = 1;

/** Where some bytes belong. Those of another place are refused. */
export type Place = readonly (string | number)[];

/** Encrypts with one key. */
export interface Sealer {
  /** A random IV, the ciphertext and its tag. */
  encrypt(place: Place, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  /** `null`: changed since, or of another place or index. */
  decrypt(place: Place, sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** Encrypts with the keys of an index. */
export interface Cipher extends Sealer {
  /** The same for the same name, and telling nothing of it: what can be a key of a table. */
  hash(place: Place): Promise<string>;
}

/** @param indexId random, so that what belongs to another index is refused, whatever its key */
export function createSealer(indexId: string, key: CryptoKey): Sealer {
  const { subtle } = crypto;
  const contextOf = (place: Place) => bytesOf([FORMAT, indexId, ...place]);

  return {
    async encrypt(place, bytes) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const algorithm = { name: 'AES-GCM', iv, additionalData: contextOf(place) };
      const encrypted = await subtle.encrypt(algorithm, key, bytes);
      const sealed = new Uint8Array(IV_BYTES + encrypted.byteLength);
      sealed.set(iv);
      sealed.set(new Uint8Array(encrypted), IV_BYTES);
      return sealed;
    },
    async decrypt(place, sealed) {
      if (sealed.length < OVERHEAD_BYTES) return null;
      const iv = sealed.subarray(0, IV_BYTES);
      const algorithm = { name: 'AES-GCM', iv, additionalData: contextOf(place) };
      try {
        return new Uint8Array(await subtle.decrypt(algorithm, key, sealed.subarray(IV_BYTES)));
      } catch {
        return null;
      }
    },
  };
}

export function createCipher(indexId: string, key: CryptoKey, nameKey: CryptoKey): Cipher {
  return {
    ...createSealer(indexId, key),
    async hash(place) {
      const digest = await crypto.subtle.sign('HMAC', nameKey, bytesOf(place));
      return Array.from(new Uint8Array(digest, 0, HASH_BYTES), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join('');
    },
  };
}

const encoder = new TextEncoder();

/** JSON, because it keeps every string apart from every other, half a surrogate pair included. */
function bytesOf(place: Place): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(place));
}
