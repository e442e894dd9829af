import type { Engine } from '@akin/engine/slim';
import { expect } from 'vitest';
import type { OpenPayload } from '../../../src/core/protocol.ts';
import type { StorageDriver } from '../../../src/storage/driver.ts';
import { openTab } from '../crash/tab.ts';
import type { Tab } from '../crash/tab.ts';
import { vectorOf } from '../crash/workload.ts';
import { applyEdit, writeRows } from './damage.ts';
import type { Dump, Edit } from './damage.ts';

const PACKS = 6;
const IN_PACK = 5;

/** An index of several packs with two snapshots, the log a little ahead of them. */
export async function makeIndex(
  engine: Engine,
  disk: StorageDriver,
  payload?: OpenPayload,
): Promise<void> {
  const tab = await openTab(engine, disk, payload);
  for (let pack = 0; pack < PACKS; pack++) {
    await put(tab, pack);
    if (pack === 2 || pack === 4) await tab.call('snapshot', {});
  }
  await tab.call('remove', { opId: 'gone', namespace: 'n', ids: ['d0'] });
  await tab.call('close', {});
}

async function put(tab: Tab, pack: number): Promise<void> {
  const texts = Array.from({ length: IN_PACK }, (_, row) => `text ${pack * IN_PACK + row}`);
  await tab.call('put', {
    opId: `put ${pack}`,
    embedderId: 'e',
    documents: texts.map((text, row) => ({
      namespace: 'n',
      id: `d${pack * IN_PACK + row}`,
      text,
      metadata: { row, tags: ['a', { b: text }] },
      truncated: false,
      vector: row,
    })),
    vectors: Float32Array.from(texts.flatMap((text) => [...vectorOf({ text })])),
  });
}

export interface Damaged {
  /** Every row as it is stored. */
  readonly stored: Dump;
  /** The same rows, in the same order, as they are read. */
  readonly dump: Dump;
  readonly edit: Edit;
  readonly payload?: OpenPayload;
}

/** Opens the index with one edit, and holds it to what is promised of damage. */
export async function checkDamaged(
  engine: Engine,
  disk: StorageDriver,
  { stored, dump, edit, payload }: Damaged,
): Promise<void> {
  await disk.open();
  await writeRows(disk, stored);
  await applyEdit(disk, stored, edit);
  if (edit.kind === 'future version') {
    await expect(openTab(engine, disk, payload)).rejects.toMatchObject({
      code: 'upgrade-required',
    });
    return;
  }
  const tab = await openTab(engine, disk, payload);
  const untouched = dump.documents.filter(
    (_, position) => edit.table !== 'documents' || position !== edit.at,
  );
  // Their vectors may be gone with their pack, if no snapshot has them.
  const lostPack = edit.table === 'vectors' ? dump.vectors[edit.at]?.pack : undefined;

  const { hits } = await tab.call('search', {
    target: Float32Array.of(0.1, 0.2, 0.3, 0.4),
    k: 100,
    namespace: 'n',
    minScore: undefined,
    diversity: 0,
    efSearch: undefined,
    exact: false,
  });
  const found = hits.map(({ id }) => id);
  expect(new Set(found).size).toBe(found.length);
  for (const { id, pack } of untouched) if (pack !== lostPack) expect(found).toContain(id);
  for (const hit of hits) {
    const row = untouched.find(({ id }) => id === hit.id);
    expect(hit).toMatchObject({ text: row?.text, metadata: row?.metadata });
  }

  const stats = await tab.call('stats', {});
  const health = await tab.call('verify', {});
  const reported =
    stats.healedRows +
    stats.damagedPacks +
    stats.damagedSnapshots +
    health.damagedDocuments.length +
    health.withoutVector.length +
    health.damagedPacks +
    health.strayVectors +
    health.damagedOperations +
    health.damagedSnapshots +
    Number(!health.isCountRight);
  // Who maintains is of no use to anybody once nobody does.
  const isMaintenance = edit.table === 'meta' && stored.meta[edit.at]?.key === 'maintenance';
  // What changed in a table last is of use while it changes only.
  const row = stored[edit.table][edit.at];
  const isVersion = row !== undefined && 'version' in row;
  if (!isMaintenance && !isVersion) expect(reported).toBeGreaterThan(0);

  await tab.call('repair', {});
  await tab.call('snapshot', {});
  await tab.call('snapshot', {});
  const after = await tab.call('verify', {});
  expect(after).toMatchObject({
    damagedDocuments: [],
    damagedPacks: 0,
    strayVectors: 0,
    damagedSnapshots: 0,
    isCountRight: true,
  });
  // It goes on as if nothing had been.
  await put(tab, 77);
  await tab.call('close', {});
}
