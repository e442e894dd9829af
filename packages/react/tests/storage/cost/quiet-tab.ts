import type { Engine } from '@akin/engine/slim';
import type { OpenPayload } from '../../../src/core/protocol.ts';
import type { StorageDriver } from '../../../src/storage/driver.ts';
import { createFakeClock } from '../../core/fake-clock.ts';
import { createTab, description } from '../crash/tab.ts';
import type { Tab } from '../crash/tab.ts';

export interface NewDocument {
  readonly id: string;
  readonly text: string;
  readonly vector: Float32Array;
}

/** The index worker of the only tab, which is left alone after each insert as often as one likes. */
export interface QuietTab extends Tab {
  insert(documents: readonly NewDocument[]): Promise<void>;
  /** Nobody asks anything for long enough that maintenance does what it wants to. */
  quiet(): Promise<void>;
}

export async function openQuietTab(
  engine: Engine,
  driver: StorageDriver,
  options: Pick<OpenPayload, 'dimensions' | 'hnsw'>,
): Promise<QuietTab> {
  const clock = createFakeClock();
  const tab = createTab(engine, driver, {
    clock,
    defer: (run) => void setImmediate(run),
  });
  await tab.call('open', { ...description, ...options, embedderId: null });
  let operations = 0;

  return {
    ...tab,
    async insert(documents) {
      const { dimensions } = options;
      const vectors = new Float32Array(documents.length * dimensions);
      documents.forEach(({ vector }, row) => vectors.set(vector, row * dimensions));
      await tab.call('put', {
        opId: `put ${operations++}`,
        embedderId: null,
        documents: documents.map(({ id, text }, row) => ({
          namespace: 'default',
          id,
          text,
          metadata: undefined,
          truncated: false,
          vector: row,
        })),
        vectors,
      });
    },
    async quiet() {
      // Once for the graph, once for the snapshot after it.
      do await clock.advance(5_000);
      while ((await tab.call('stats', {})).unindexedCount > 0);
      await clock.advance(5_000);
      // Writes queue up behind a snapshot.
      await tab.call('follow', {});
    },
  };
}
