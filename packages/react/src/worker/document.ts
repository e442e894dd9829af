import type { StoredDocument } from '../core/types.ts';
import type { DocumentRow } from '../storage/schema.ts';

/** A row as an app sees it. */
export function documentOf(row: DocumentRow, vector?: Float32Array<ArrayBuffer>): StoredDocument {
  return {
    id: row.id,
    namespace: row.namespace,
    text: row.text ?? undefined,
    metadata: row.metadata,
    truncated: row.truncated,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    ...(vector ? { vector } : {}),
  };
}
