import type { Payload } from '../core/protocol.ts';
import type { DocumentId, NamespaceInfo, StoredDocument } from '../core/types.ts';
import type { DocumentRow } from '../storage/schema.ts';
import { countBits, forEachBit } from './columns.ts';
import { documentOf } from './document.ts';
import type { CheckedFilter } from './filter.ts';
import { matchesFilter } from './filter-match.ts';
import type { OpenIndex } from './open-index.ts';

/*
 * What cannot be searched for is listed and counted all the same: of an index that lacks vectors by its rows.
 * Otherwise the replica is asked, before anything is awaited: what a filter needs to know was learned just now.
 */

/** Documents in id order. */
export async function listDocuments(
  index: OpenIndex,
  { namespace, limit, after }: Payload<'list'>,
  filter: CheckedFilter | undefined,
): Promise<StoredDocument[]> {
  const { store, replica } = index;
  if (!filter) return (await store.list(namespace, limit, after)).map((row) => documentOf(row));
  let ids: DocumentId[] = [];
  if (index.isLacking) ids = await storedIds(index, namespace, filter);
  else {
    forEachBit(replica.slots.bits(namespace, filter), (slot) => {
      const id = replica.slots.entry(slot)?.id;
      if (id !== undefined) ids.push(id);
    });
  }
  // As IndexedDB orders them: by UTF-16 units.
  ids = ids.filter((id) => after === undefined || id > after).sort();
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

export async function countDocuments(
  index: OpenIndex,
  namespace: string,
  filter: CheckedFilter | undefined,
): Promise<number> {
  if (index.isLacking) return (await storedIds(index, namespace, filter)).length;
  const { replica } = index;
  return filter ? countBits(replica.slots.bits(namespace, filter)) : replica.count(namespace);
}

/** Those that hold documents, in no order. */
export async function listNamespaces(
  { store, replica, isLacking }: OpenIndex,
  withBytes: boolean,
): Promise<NamespaceInfo[]> {
  return withBytes || isLacking
    ? (await store.namespaces()).map((found) => (withBytes ? found : { ...found, bytes: null }))
    : replica
        .namespaces()
        .map(([namespace, documentCount]) => ({ namespace, documentCount, bytes: null }));
}

function storedIds(
  { store }: OpenIndex,
  namespace: string,
  filter: CheckedFilter | undefined,
): Promise<DocumentId[]> {
  return store.eachDocument(
    (row) => row.namespace === namespace && (!filter || matchesFilter(filter, row.metadata)),
  );
}
