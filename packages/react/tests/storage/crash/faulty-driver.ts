import { VectorIndexError } from '../../../src/core/errors.ts';
import type { StorageDriver, StorageTransaction } from '../../../src/storage/driver.ts';

/**
 * `fail`: this step is refused, what comes after it works. `kill`: the process ends before it.
 * `kill-after`: it ends when the step is done, and nobody is told.
 */
export type FaultKind = 'fail' | 'kill' | 'kill-after';

export interface Fault {
  readonly step: number;
  readonly kind: FaultKind;
}

export interface FaultyDriver extends StorageDriver {
  /** Requests and commits so far. */
  readonly steps: number;
  /** The process has ended: nothing it still says is heard by anybody. */
  readonly isDead: boolean;
  /** No fault from here on. */
  disarm(): void;
}

/** A driver between the code and a disk that outlives it. Every request and commit is a step. */
export function createFaultyDriver(disk: StorageDriver, fault: Fault | null): FaultyDriver {
  let steps = 0;
  let isDead = false;
  let isArmed = true;

  const checkAlive = () => {
    if (isDead) throw new VectorIndexError('storage-lost', 'The process has ended.', '');
  };
  const before = () => {
    checkAlive();
    steps++;
    if (!isArmed || fault?.step !== steps) return;
    if (fault.kind === 'kill') isDead = true;
    checkAlive();
    if (fault.kind === 'fail') {
      throw new VectorIndexError('quota-exceeded', 'The disk is full.', '');
    }
  };
  const after = () => {
    if (isArmed && fault?.step === steps && fault.kind === 'kill-after') isDead = true;
  };

  const faulty = (tx: StorageTransaction): StorageTransaction => {
    const step = async <T>(run: () => Promise<T>): Promise<T> => {
      before();
      const result = await run();
      after();
      checkAlive();
      return result;
    };
    return {
      get: (...args) => step(() => tx.get(...args)),
      getMany: (...args) => step(() => tx.getMany(...args)),
      range: (...args) => step(() => tx.range(...args)),
      keys: (...args) => step(() => tx.keys(...args)),
      findOperation: (...args) => step(() => tx.findOperation(...args)),
      put: (...args) => step(() => tx.put(...args)),
      remove: (...args) => step(() => tx.remove(...args)),
      removeRange: (...args) => step(() => tx.removeRange(...args)),
    };
  };

  return {
    get steps() {
      return steps;
    },
    get isDead() {
      return isDead;
    },
    disarm() {
      isArmed = false;
    },
    open: () => disk.open(),
    async transaction(mode, tables, body) {
      checkAlive();
      const result = await disk.transaction(mode, tables, async (tx) => {
        const value = await body(faulty(tx));
        // The commit. What is thrown here aborts it.
        if (mode === 'readwrite') before();
        return value;
      });
      if (mode === 'readwrite') after();
      checkAlive();
      return result;
    },
    close() {
      // The disk stays for whoever opens it next.
    },
    destroy: () => Promise.resolve(),
    onLost() {
      // Nobody else is at this disk's files.
    },
  };
}
