import { invalidInput, isVectorIndexError } from './errors.ts';
import type { IndexEncryption } from './types.ts';

/** What was given, without anything else that the object holds; `null` for none. */
export function checkEncryption(given: IndexEncryption | undefined): IndexEncryption | null {
  if (given === undefined) return null;
  const { passphrase, key } = given as { passphrase?: unknown; key?: Partial<CryptoKey> };
  if ((passphrase === undefined) === (key === undefined)) {
    throw invalidInput(
      '`encryption` says nothing, or two things.',
      'Give it a `passphrase` or a `key`.',
    );
  }
  if (key === undefined) {
    if (typeof passphrase === 'string' && passphrase !== '') return { passphrase };
    throw invalidInput('The passphrase is no string, or empty.', 'Ask its user for one.');
  }
  const { name, length } = (key.algorithm ?? {}) as Partial<AesKeyAlgorithm>;
  const isUsable = key.usages?.includes('encrypt') && key.usages.includes('decrypt');
  if (name !== 'AES-GCM' || length !== 256 || !isUsable) {
    throw invalidInput(
      '`encryption.key` is no key for AES-GCM with 256 bits that encrypts and decrypts.',
      'Make one with crypto.subtle.generateKey().',
    );
  }
  return { key: key as CryptoKey };
}

/** Whether an index failed for want of the right key: with another, it may open. */
export function isKeyError(error: unknown): boolean {
  return (['wrong-key', 'key-required', 'not-encrypted'] as const).some((code) =>
    isVectorIndexError(error, code),
  );
}

/** Whether two open the same index, as far as can be told without trying. */
export function sameEncryption(
  a: IndexEncryption | null | undefined,
  b: IndexEncryption | null | undefined,
): boolean {
  return a?.passphrase === b?.passphrase && a?.key === b?.key;
}
