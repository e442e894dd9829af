import type { Engine } from '@akin/engine/slim';
import type { OpenPayload } from '../core/protocol.ts';
import type { StorageDriver } from '../storage/driver.ts';
import { createStore } from '../storage/store.ts';
import type { Store } from '../storage/store.ts';
import type { PackRow } from '../storage/schema.ts';
import { engineError } from './engine-errors.ts';
import { createReplica } from './replica.ts';
import type { Replica } from './replica.ts';

/** One index, open: its rows, and what can be searched of them. */
export interface OpenIndex {
  readonly description: OpenPayload;
  readonly store: Store;
  readonly replica: Replica;
  /** Packs that failed their checksum and were left out. */
  readonly damagedPacks: number;
  /**
   * Reads what others have written since. Only ever one at a time, and not while an operation of
   * our own is between its commit and {@link settle}.
   */
  catchUp(): Promise<void>;
  close(): void;
}

export async function openIndex(
  description: OpenPayload,
  engine: Engine,
  driver: StorageDriver,
): Promise<OpenIndex> {
  const store = createStore(driver);
  let loaded = await loadReplica();

  async function loadReplica(): Promise<{ replica: Replica; damagedPacks: number }> {
    const replica = createReplica(engine, description);
    try {
      let refusedPacks = 0;
      const { seq, damagedPacks } = await store.load((pack) => {
        if (!takes(replica, pack)) refusedPacks++;
      });
      replica.loaded(seq);
      return { replica, damagedPacks: damagedPacks + refusedPacks };
    } catch (error) {
      replica.free();
      throw error;
    }
  }

  return {
    description,
    store,
    get replica() {
      return loaded.replica;
    },
    get damagedPacks() {
      return loaded.damagedPacks;
    },
    async catchUp() {
      for (;;) {
        const tail = await store.tail(loaded.replica.seq);
        if (tail === null) {
          // The log no longer reaches back to where we are.
          const stale = loaded.replica;
          loaded = await loadReplica();
          stale.free();
          return;
        }
        for (const operation of tail.operations) loaded.replica.apply(operation);
        if (loaded.replica.seq >= tail.seq) return;
      }
    },
    close() {
      driver.close();
      loaded.replica.free();
    },
  };
}

/** One pack that the engine will not have must not keep the others from being found. */
function takes(replica: Replica, pack: PackRow): boolean {
  try {
    replica.loadPack(pack);
    return true;
  } catch (error) {
    if (engineError(error)?.code === 'invalid-input') return false;
    throw error;
  }
}
