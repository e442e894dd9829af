import type { Key } from '../driver.ts';
import { UNREADABLE, isIntact, seal } from '../schema.ts';
import type { BlobRow, DocumentKey, TableName, Tables } from '../schema.ts';
import type { Cipher } from './cipher.ts';
import { newerFormatError } from './encryption-errors.ts';
import { EncryptedBytes, encryptBytes } from './encrypted-bytes.ts';
import { decodeValue, encodeValue } from './value-codec.ts';

type Row = Tables[TableName];

/** A row as it is stored: its key, its content encrypted, and a checksum over both. */
export type SealedRow = Readonly<Record<string, unknown>>;

/** Readers that know nothing of encryption refuse a schema that is newer than theirs. */
const SCHEMA_FOR_OTHERS = 2;

/** Between rows as they are worked with and as they are stored. */
export interface SealedRows {
  /** What a row is stored under. Names of documents are hashed, numbers stay. */
  keyOf(table: TableName, key: Key): Promise<Key>;
  namespaceOf(namespace: string): Promise<string>;
  operationIdOf(opId: string): Promise<string>;
  seal(table: TableName, row: Row): Promise<SealedRow>;
  /** The row, or one that fails its checksum in place of what cannot be read. */
  open<T extends TableName>(table: T, sealed: SealedRow): Promise<Tables[T]>;
}

const MOST_HASHES = 4_096;

export function createSealedRows(cipher: Cipher): SealedRows {
  /** Names that stand in for those of damaged documents: they are hashes already. */
  const standIns = new Set<string>();

  /** Hashes of late: a write asks for each several times. */
  const hashes = new Map<string, Promise<string>>();
  const hash = (...place: string[]) => {
    const text = JSON.stringify(place);
    let found = hashes.get(text);
    if (!found) {
      if (hashes.size >= MOST_HASHES) hashes.clear();
      hashes.set(text, (found = cipher.hash(place)));
    }
    return found;
  };

  const namespaceOf = (namespace: string) => hash('namespace', namespace);
  const operationIdOf = (opId: string) => cipher.hash(['operation', opId]);
  const keyOf = async (table: TableName, key: Key): Promise<Key> => {
    if (table !== 'documents') return key;
    const [namespace, id] = key as DocumentKey;
    if (standIns.has(standInName(namespace, id))) return key;
    return Promise.all([namespaceOf(namespace), hash('document', namespace, id)]);
  };

  return {
    keyOf,
    namespaceOf,
    operationIdOf,

    async seal(table, row) {
      if (UNREADABLE in row) return row[UNREADABLE] as SealedRow;
      if (table === 'blobs') {
        const { data, ...about } = row as BlobRow;
        const { blob } = about;
        const bytes = new Uint8Array(await data.arrayBuffer());
        return sealRow({
          blob,
          about: await cipher.encrypt(placeOf(table, blob), encodeValue(about)),
          data: await encryptBytes(cipher, blob, bytes),
        });
      }
      const fields = await keyFields(table, row);
      const place = placeOf(table, keyIn(table, fields));
      const { buffer } = await cipher.encrypt(place, encodeValue(row));
      return sealRow({ ...fields, data: buffer });
    },

    async open(table, sealed) {
      const isWhole = isIntact(sealed as unknown as Row);
      if (isWhole && Number(sealed.schemaVersion ?? 0) > SCHEMA_FOR_OTHERS)
        throw newerFormatError();
      const row = isWhole ? await decrypt(table, sealed) : null;
      if (row) return row as never;
      const standIn = { ...unreadable(table, sealed), [UNREADABLE]: sealed };
      if (table === 'documents') {
        standIns.add(standInName(sealed.namespace as string, sealed.id as string));
      }
      return standIn as never;
    },
  };

  async function keyFields(table: TableName, row: Row): Promise<SealedRow> {
    switch (table) {
      case 'documents': {
        const own = row as Tables['documents'];
        const [namespace, id] = (await keyOf(table, [own.namespace, own.id])) as DocumentKey;
        return { namespace, id };
      }
      case 'operations': {
        const { seq, opId } = row as Tables['operations'];
        return { seq, opId: await operationIdOf(opId) };
      }
      case 'vectors':
        return { pack: (row as Tables['vectors']).pack };
      case 'blobs':
        return { blob: (row as BlobRow).blob };
      case 'meta': {
        const { key } = row as Tables['meta'];
        return key === 'index' ? { key, schemaVersion: SCHEMA_FOR_OTHERS } : { key };
      }
    }
  }

  async function decrypt(table: TableName, sealed: SealedRow): Promise<object | null> {
    const { data } = sealed;
    const place = placeOf(table, keyIn(table, sealed));
    if (table === 'blobs') {
      if (!(data instanceof Blob) || !(sealed.about instanceof Uint8Array)) return null;
      const about = await cipher.decrypt(place, sealed.about as Uint8Array<ArrayBuffer>);
      const bytes = new EncryptedBytes(cipher, sealed.blob as number, data);
      return about && { ...(decoded(about) ?? {}), data: bytes };
    }
    if (!(data instanceof ArrayBuffer)) return null;
    const bytes = await cipher.decrypt(place, new Uint8Array(data));
    return bytes && decoded(bytes);
  }
}

function sealRow(fields: SealedRow): SealedRow {
  return seal(fields as never) as unknown as SealedRow;
}

/** Only what was encrypted here comes here. If it cannot be read all the same, it is damaged. */
function decoded(bytes: Uint8Array<ArrayBuffer>): object | null {
  try {
    const value = decodeValue(bytes);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function keyIn(table: TableName, row: SealedRow): Key {
  switch (table) {
    case 'documents':
      return [row.namespace as string, row.id as string];
    case 'operations':
      return row.seq as number;
    case 'vectors':
      return row.pack as number;
    case 'blobs':
      return row.blob as number;
    case 'meta':
      return row.key as string;
  }
}

function placeOf(table: TableName, key: Key): (string | number)[] {
  return [table, ...(Array.isArray(key) ? (key as DocumentKey) : [key as string | number])];
}

function standInName(namespace: string, id: string): string {
  return JSON.stringify([namespace, id]);
}

/** No checksum is this. */
const FAILS = -1;

function unreadable(table: TableName, sealed: SealedRow): object {
  const { namespace, id, pack, seq, blob, key } = sealed;
  switch (table) {
    case 'documents':
      return {
        namespace,
        id,
        text: null,
        metadata: {},
        truncated: false,
        createdAt: 0,
        updatedAt: 0,
        pack: 0,
        row: 0,
        seq: 0,
        checksum: FAILS,
      };
    case 'vectors':
      // One entry, so that nobody takes it for a pack that is emptied.
      return {
        pack,
        dimensions: 0,
        embedderId: null,
        namespaces: [''],
        ids: [''],
        data: new ArrayBuffer(0),
        checksum: FAILS,
      };
    case 'operations':
      return {
        seq,
        opId: '',
        kind: 'remove',
        pack: null,
        keys: [],
        result: 0,
        at: 0,
        checksum: FAILS,
      };
    case 'blobs':
      return { blob, bytes: 0, crc: 0, data: undefined, checksum: FAILS };
    case 'meta':
      return { key, checksum: FAILS };
  }
}
