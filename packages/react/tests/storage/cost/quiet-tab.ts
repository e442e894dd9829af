import type { Engine } from '@akin/engine/slim';
import type {
  CallKind,
  CallMessage,
  OpenPayload,
  Payload,
  Reply,
} from '../../../src/core/protocol.ts';
import type { StorageDriver } from '../../../src/storage/driver.ts';
import { createService } from '../../../src/worker/service.ts';
import { createFakeClock } from '../../core/fake-clock.ts';
import { createLocks, description } from '../crash/tab.ts';

export interface NewDocument {
  readonly id: string;
  readonly text: string;
  readonly vector: Float32Array;
}

/** The index worker of the only tab, which is left alone after each insert as often as one likes. */
export interface QuietTab {
  call<K extends CallKind>(kind: K, payload: Payload<K>): Promise<Reply<K>>;
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
  const service = createService(
    {
      clock,
      locks: createLocks(),
      defer: (run) => void setImmediate(run),
      createDriver: () => driver,
      startEngine: () => Promise.resolve(engine),
      createChannel: () => null,
    },
    {
      figures: () => undefined,
      lost: () => undefined,
      fatal(error) {
        throw error;
      },
    },
  );
  const call = <K extends CallKind>(kind: K, payload: Payload<K>) =>
    service.handle({ type: 'call', id: 1, kind, payload } as CallMessage, {
      isCancelled: false,
    }) as Promise<Reply<K>>;
  await call('open', { ...description, ...options, embedderId: null });
  let operations = 0;

  return {
    call,
    async insert(documents) {
      const { dimensions } = options;
      const vectors = new Float32Array(documents.length * dimensions);
      documents.forEach(({ vector }, row) => vectors.set(vector, row * dimensions));
      await call('put', {
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
      while ((await call('stats', {})).unindexedCount > 0);
      await clock.advance(5_000);
      // Writes queue up behind a snapshot.
      await call('follow', {});
    },
  };
}
