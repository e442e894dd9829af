import { VectorIndexError } from '../../core/errors.ts';

export function wrongKeyError(isPassphrase: boolean, wasPassphrase: boolean): VectorIndexError {
  const given = isPassphrase ? 'passphrase' : 'key';
  return isPassphrase === wasPassphrase
    ? new VectorIndexError(
        'wrong-key',
        `The index does not open with this ${given}.`,
        `Give the ${given} that it was encrypted with; without it the index can only be destroyed.`,
      )
    : new VectorIndexError(
        'wrong-key',
        `The index is encrypted with a ${wasPassphrase ? 'passphrase' : 'key'}, and a ${given} was given.`,
        `Give the ${wasPassphrase ? 'passphrase' : 'key'} that it was encrypted with.`,
      );
}

export function keyRequiredError(): VectorIndexError {
  return new VectorIndexError(
    'key-required',
    'The index is encrypted, and no key was given.',
    'Pass the `encryption` that it was made with; nothing of it was changed.',
  );
}

export function notEncryptedError(): VectorIndexError {
  return new VectorIndexError(
    'not-encrypted',
    'The index is not encrypted, and `encryption` was given.',
    'Open it without, or insert its documents into a new index of another name and destroy this one.',
  );
}

/** Both copies of the wrapped key are lost or damaged: nothing can be read any more. */
export function keyLostError(): VectorIndexError {
  return new VectorIndexError(
    'corrupt',
    'The key of the encrypted index is damaged, so nothing of it can be read.',
    'Restore the browser’s profile from a backup, or destroy() the index and insert again.',
  );
}

export function newerFormatError(): VectorIndexError {
  return new VectorIndexError(
    'upgrade-required',
    'The index was encrypted by a newer version of the app.',
    'Reload the page to get the newer version.',
  );
}

export function noCryptoError(): VectorIndexError {
  return new VectorIndexError(
    'unsupported',
    'The browser offers no WebCrypto on this page, so nothing can be encrypted.',
    'Serve the page over HTTPS or from localhost.',
  );
}

/** Other tabs wrote again and again between what this one read and what it would write. */
export function overtakenError(): VectorIndexError {
  return new VectorIndexError(
    'timeout',
    'Other tabs kept writing to the encrypted index, so nothing was changed.',
    'Do it again once they are done.',
  );
}

export function damagedBytesError(): VectorIndexError {
  return new VectorIndexError(
    'corrupt',
    'Some bytes of a snapshot are damaged.',
    'The index is rebuilt from its rows.',
  );
}

export function damagedOperationError(): VectorIndexError {
  return new VectorIndexError(
    'corrupt',
    'The log’s entry of this write is damaged: it was done, but not with what result.',
    'Look with get() what is stored, and call repair().',
  );
}
