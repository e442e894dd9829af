/** The index worker, telling the page of every transaction that writes. */
export interface WriteTransaction {
  readonly stores: readonly string[];
  readonly durability: IDBTransactionDurability;
}

const channel = new BroadcastChannel(self.name);
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its `this` below
const original = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...args) {
  const transaction = original.apply(this, args);
  const { mode, durability, objectStoreNames } = transaction;
  if (mode === 'readwrite') {
    channel.postMessage({ stores: [...objectStoreNames], durability } satisfies WriteTransaction);
  }
  return transaction;
};

await import('../../src/worker/entry.ts');
