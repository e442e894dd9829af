import { randomId } from '../../core/ports.ts';
import type { IndexEncryption } from '../../core/types.ts';
import { isIntact, seal } from '../schema.ts';
import { OVERHEAD_BYTES, createCipher, createSealer } from './cipher.ts';
import type { Cipher } from './cipher.ts';
import {
  keyLostError,
  newerFormatError,
  noCryptoError,
  wrongKeyError,
} from './encryption-errors.ts';

/**
 * An index has a random key of its own. It is stored encrypted by the app's key, or by one derived
 * from the passphrase; so those can be changed without writing everything anew, and each index has
 * its own key whatever the app gives.
 */

/** Two copies, since there is nothing that either could be made from anew. */
export const KEY_ROWS = ['key-a', 'key-b'] as const;

const FORMAT = 1;
/** PBKDF2-HMAC-SHA-256, as OWASP advises since 2023. */
const ITERATIONS = 600_000;
/** More than this is no setting, but a way to keep a tab busy. */
const MOST_ITERATIONS = 10_000_000;
const SALT_BYTES = 32;
const KEY_BYTES = 32;

export interface KeyRow {
  readonly key: (typeof KEY_ROWS)[number];
  readonly format: number;
  /** Random, the index's. */
  readonly id: string;
  /** `null`: the app brings a key. */
  readonly passphrase: {
    readonly salt: Uint8Array<ArrayBuffer>;
    readonly iterations: number;
  } | null;
  /** The key for rows, and the one for names, encrypted together. */
  readonly wrapped: Uint8Array<ArrayBuffer>;
  readonly checksum: number;
}

type KeyFields = Omit<KeyRow, 'key' | 'checksum'>;

/** One to be stored, of a new random key. */
export async function createKey(name: string, encryption: IndexEncryption): Promise<KeyFields> {
  const bytes = crypto.getRandomValues(new Uint8Array(2 * KEY_BYTES));
  return wrap(name, randomId(), encryption, bytes);
}

/** The rows of a key, to be put into `meta`. */
export function keyRows(fields: KeyFields): KeyRow[] {
  return KEY_ROWS.map((key) => seal({ ...fields, key } as never) as unknown as KeyRow);
}

/**
 * Gets the key out of its row.
 *
 * @throws VectorIndexError `wrong-key`
 */
export async function unlock(
  name: string,
  row: KeyFields,
  encryption: IndexEncryption,
): Promise<Cipher> {
  const bytes = await unwrap(name, row, encryption);
  const { subtle } = crypto;
  const encryptionKey = await subtle.importKey(
    'raw',
    bytes.subarray(0, KEY_BYTES),
    'AES-GCM',
    false,
    ['encrypt', 'decrypt'],
  );
  const nameKey = await subtle.importKey(
    'raw',
    bytes.subarray(KEY_BYTES),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  bytes.fill(0);
  return createCipher(row.id, encryptionKey, nameKey);
}

/** The same key, to be opened by something else from now on. */
export async function wrapAnew(
  name: string,
  row: KeyFields,
  from: IndexEncryption,
  to: IndexEncryption,
): Promise<KeyFields> {
  return wrap(name, row.id, to, await unwrap(name, row, from));
}

/**
 * The row that is to be believed of two, either of which may be lost or damaged.
 *
 * @throws VectorIndexError `corrupt` when both are; `upgrade-required`
 */
export function intactKeyRow(rows: readonly unknown[]): KeyRow {
  const intact = rows.filter(isKeyRow).find((row) => isIntact(row as never));
  if (!intact) throw keyLostError();
  if (intact.format > FORMAT) throw newerFormatError();
  return intact;
}

export function isKeyRow(row: unknown): row is KeyRow {
  return typeof row === 'object' && row !== null && 'wrapped' in row;
}

export function checkCrypto(): void {
  // Missing on pages that are not served securely.
  if (!(crypto as Partial<Crypto>).subtle) throw noCryptoError();
}

async function wrap(
  name: string,
  id: string,
  encryption: IndexEncryption,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<KeyFields> {
  const passphrase =
    encryption.passphrase === undefined
      ? null
      : { salt: crypto.getRandomValues(new Uint8Array(SALT_BYTES)), iterations: ITERATIONS };
  const sealer = createSealer(id, await outerKey(encryption, passphrase));
  const wrapped = await sealer.encrypt(placeOf(name), bytes);
  bytes.fill(0);
  return { format: FORMAT, id, passphrase, wrapped };
}

async function unwrap(
  name: string,
  row: KeyFields,
  encryption: IndexEncryption,
): Promise<Uint8Array<ArrayBuffer>> {
  const isPassphrase = encryption.passphrase !== undefined;
  if (row.wrapped.length !== OVERHEAD_BYTES + 2 * KEY_BYTES) throw keyLostError();
  if (isPassphrase !== (row.passphrase !== null)) {
    throw wrongKeyError(isPassphrase, row.passphrase !== null);
  }
  const sealer = createSealer(row.id, await outerKey(encryption, row.passphrase));
  const bytes = await sealer.decrypt(placeOf(name), row.wrapped);
  if (!bytes) throw wrongKeyError(isPassphrase, isPassphrase);
  return bytes;
}

/** The app's key, or the passphrase's. */
async function outerKey(
  { passphrase, key }: IndexEncryption,
  settings: KeyRow['passphrase'],
): Promise<CryptoKey> {
  if (key) return key;
  if (!settings || !(settings.iterations <= MOST_ITERATIONS)) throw keyLostError();
  const { subtle } = crypto;
  // The same letters, typed on another system, may be other code points.
  const letters = new TextEncoder().encode(passphrase.normalize('NFC'));
  const base = await subtle.importKey('raw', letters, 'PBKDF2', false, ['deriveKey']);
  return subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', ...settings },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

/** A key that is moved to another index is refused there. */
function placeOf(name: string): readonly string[] {
  return ['key', name];
}
