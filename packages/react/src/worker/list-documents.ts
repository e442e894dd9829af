import type { Payload } from '../core/protocol.ts';
import type { StoredDocument } from '../core/types.ts';
import type { DocumentRow } from '../storage/schema.ts';
import { forEachBit } from './columns.ts';
import { documentOf } from './document.ts';
import type { CheckedFilter } from './filter.ts';
import { matchesFilter } from './filter-match.ts';
import type { OpenIndex } from './open-index.ts';

/** Documents in id order. What a filter needs is known. */
export async function listDocuments(
  { store, replica }: OpenIndex,
  { namespace, limit, after }: Payload<'list'>,
  filter: CheckedFilter | undefined,
): Promise<StoredDocument[]> {
  if (!filter) return (await store.list(namespace, limit, after)).map((row) => documentOf(row));
  const ids: string[] = [];
  forEachBit(replica.slots.bits(namespace, filter), (slot) => {
    const id = replica.slots.entry(slot)?.id;
    if (id !== undefined && (after === undefined || id > after)) ids.push(id);
  });
  // As IndexedDB orders them: by UTF-16 units.
  ids.sort();
  const found: DocumentRow[] = [];
  while (found.length < limit && ids.length > 0) {
    const rows = await store.documents(
      ids.splice(0, limit - found.length).map((id) => [namespace, id] as const),
    );
    // Another tab may have changed some a moment ago.
    for (const row of rows) if (row && matchesFilter(filter, row.metadata)) found.push(row);
  }
  return found.map((row) => documentOf(row));
}
