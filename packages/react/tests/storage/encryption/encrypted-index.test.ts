import { describe, expect, test } from 'vitest';
import type { IndexEncryption } from '../../../src/core/types.ts';
import type { StorageDriver } from '../../../src/storage/driver.ts';
import { createEncryptedDriver } from '../../../src/storage/encryption/encrypted-driver.ts';
import { createMemoryDriver } from '../../../src/storage/memory-driver.ts';
import { seal } from '../../../src/storage/schema.ts';
import type { TableName } from '../../../src/storage/schema.ts';
import { startNodeEngine } from '../../core/node-engine.ts';
import { description, encryptedDescription, openTab } from '../crash/tab.ts';
import type { Tab } from '../crash/tab.ts';
import { NAMESPACES, vectorOf } from '../crash/workload.ts';
import { dumpRows } from '../damage/damage.ts';
import { storedBytes } from './stored-bytes.ts';

const engine = await startNodeEngine();
const [namespace] = NAMESPACES;
const SECRETS = ['whales', 'sharks', 'otters', 'corals'];
/** Passphrases are made to take long. */
const SLOW = { timeout: 120_000 };
const newKey = () =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

const payloadOf = (encryption: IndexEncryption | null) => ({ ...description, encryption });

async function put(tab: Tab, words: readonly string[], opId = `op ${words.join()}`) {
  const texts = words.map((word) => `a text on ${word}`);
  await tab.call('put', {
    opId,
    embedderId: 'e',
    documents: texts.map((text, row) => ({
      namespace,
      id: `id-of-${words[row]}`,
      text,
      metadata: { note: `metadata of ${words[row]}` },
      truncated: false,
      vector: row,
    })),
    vectors: Float32Array.from(texts.flatMap((text) => [...vectorOf({ text })])),
  });
}

/** Everything that an index ever stores: a log, removed rows, two snapshots and a log after them. */
async function fill(disk: StorageDriver, payload: typeof description): Promise<Tab> {
  const tab = await openTab(engine, disk, payload);
  await put(tab, SECRETS.slice(0, 2));
  await tab.call('snapshot', {});
  await put(tab, SECRETS.slice(2, 3));
  await tab.call('snapshot', {});
  await put(tab, SECRETS.slice(3));
  await tab.call('remove', { opId: 'removal', namespace, ids: ['id-of-sharks'] });
  return tab;
}

const list = async (tab: Tab) =>
  (await tab.call('list', { namespace, limit: 100, after: undefined })).map(({ id }) => id);

describe('what is stored of an encrypted index', () => {
  /** How often each secret is found. */
  const findSecrets = async (disk: StorageDriver) => {
    const bytes = await storedBytes(disk);
    const wanted = SECRETS.flatMap((word) => {
      const { buffer } = vectorOf({ text: `a text on ${word}` });
      return [
        [`text of ${word}`, Buffer.from(`a text on ${word}`)],
        [`id of ${word}`, Buffer.from(`id-of-${word}`)],
        [`metadata of ${word}`, Buffer.from(`metadata of ${word}`)],
        [`vector of ${word}`, Buffer.from(buffer)],
        // Half of a vector would do.
        [`start of the vector of ${word}`, Buffer.from(buffer, 0, 8)],
      ] as const;
    });
    const common = [
      ['operation', Buffer.from('op whales')],
      ['removal', Buffer.from('removal')],
      ['columns of the slots', Buffer.from('"names"')],
      ['metric', Buffer.from('"l2"')],
    ] as const;
    return new Set(
      [...wanted, ...common].filter(([, secret]) => bytes.includes(secret)).map(([what]) => what),
    );
  };

  test('tells no text, id, metadata, vector or operation; unencrypted it would', SLOW, async () => {
    const plain = createMemoryDriver();
    await fill(plain, description);
    const found = await findSecrets(plain);
    for (const what of ['text of whales', 'id of sharks', 'vector of corals', 'operation']) {
      expect(found).toContain(what);
    }
    expect(found).toContain('columns of the slots');

    for (const encryption of [{ key: await newKey() }, { passphrase: 'open sesame' }]) {
      const disk = createMemoryDriver();
      const tab = await fill(disk, payloadOf(encryption));
      expect(await findSecrets(disk)).toEqual(new Set());
      expect((await storedBytes(disk)).includes(Buffer.from('open sesame'))).toBe(false);
      expect(await list(tab)).toEqual(['id-of-corals', 'id-of-otters', 'id-of-whales']);
    }
  });

  test('differs each time, though the documents are the same', async () => {
    const payload = payloadOf({ key: await newKey() });
    const dumps = await Promise.all(
      [0, 1].map(async () => {
        const disk = createMemoryDriver();
        await fill(disk, payload);
        await disk.open();
        return dumpRows(disk);
      }),
    );
    const names = dumps.map(({ documents }) => documents.map(({ id }) => id).filter(Boolean));
    expect(names[0]).toHaveLength(3);
    expect(names[0]).not.toContain('id-of-whales');
    expect(names[0]?.filter((name) => names[1]?.includes(name))).toEqual([]);
  });
});

describe('opening', () => {
  const dumpOf = async (disk: StorageDriver) => {
    await disk.open();
    return dumpRows(disk);
  };
  const refuses = async (
    made: IndexEncryption | null,
    given: IndexEncryption | null,
    code: string,
  ) => {
    const disk = createMemoryDriver();
    const tab = await fill(disk, payloadOf(made));
    await tab.call('close', {});
    const before = await dumpOf(disk);
    await expect(openTab(engine, disk, payloadOf(given))).rejects.toMatchObject({ code });
    expect(await dumpOf(disk)).toEqual(before);
    expect(await list(await openTab(engine, disk, payloadOf(made)))).toHaveLength(3);
  };

  test('another passphrase or key is refused, and changes nothing', SLOW, async () => {
    await refuses({ passphrase: 'right' }, { passphrase: 'wrong' }, 'wrong-key');
    await refuses({ key: await newKey() }, { key: await newKey() }, 'wrong-key');
    await refuses({ passphrase: 'right' }, { key: await newKey() }, 'wrong-key');
    await refuses({ key: await newKey() }, { passphrase: 'right' }, 'wrong-key');
  });

  test('no key for an encrypted index, and a key for one that is not', async () => {
    await refuses({ key: await newKey() }, null, 'key-required');
    await refuses(null, { key: await newKey() }, 'not-encrypted');
  });

  test('a passphrase is the same however its letters are composed', SLOW, async () => {
    const disk = createMemoryDriver();
    const tab = await openTab(engine, disk, payloadOf({ passphrase: 'Caf\u00e9' }));
    await put(tab, ['x']);
    await tab.call('close', {});
    const again = await openTab(engine, disk, payloadOf({ passphrase: 'Cafe\u0301' }));
    expect(await list(again)).toEqual(['id-of-x']);
  });

  test('two tabs that make the index at once share one key', async () => {
    const disk = createMemoryDriver();
    const payload = payloadOf({ key: await newKey() });
    const tabs = await Promise.all([0, 1].map(() => openTab(engine, disk, payload)));
    await put(tabs[0] as Tab, ['x']);
    await put(tabs[1] as Tab, ['y']);
    for (const tab of tabs) expect(await list(tab)).toEqual(['id-of-x', 'id-of-y']);
  });

  test('one copy of the key is enough, and both lost are told', async () => {
    const disk = createMemoryDriver();
    const payload = payloadOf({ key: await newKey() });
    await (await fill(disk, payload)).call('close', {});
    for (const lost of ['key-a', 'key-b'] as const) {
      await disk.open();
      await disk.transaction('readwrite', ['meta'], (tx) => tx.remove('meta', [lost]));
      const tab = await openTab(engine, disk, payload);
      expect(await tab.call('stats', {})).toMatchObject({ healedRows: 1 });
      await tab.call('close', {});
    }
    await disk.open();
    await disk.transaction('readwrite', ['meta'], (tx) => tx.remove('meta', ['key-a', 'key-b']));
    const before = await dumpOf(disk);
    await expect(openTab(engine, disk, payload)).rejects.toMatchObject({ code: 'corrupt' });
    await expect(openTab(engine, disk, description)).rejects.toMatchObject({
      code: 'upgrade-required',
    });
    expect(await dumpOf(disk)).toEqual(before);
  });

  test('a newer format of the key is refused politely', async () => {
    const disk = createMemoryDriver();
    const payload = payloadOf({ key: await newKey() });
    await (await fill(disk, payload)).call('close', {});
    await disk.open();
    await disk.transaction('readwrite', ['meta'], async (tx) => {
      const rows = await tx.getMany('meta', ['key-a', 'key-b']);
      await tx.put('meta', rows.map((row) => seal({ ...row, format: 2 } as never)) as never);
    });
    await expect(openTab(engine, disk, payload)).rejects.toMatchObject({
      code: 'upgrade-required',
    });
  });

  test('where there is no WebCrypto it is refused', async () => {
    const { subtle } = crypto;
    Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true });
    try {
      const driver = createEncryptedDriver(createMemoryDriver(), 'x', { passphrase: 'x' });
      await expect(driver.open()).rejects.toMatchObject({ code: 'unsupported' });
    } finally {
      Object.defineProperty(crypto, 'subtle', { value: subtle, configurable: true });
    }
  });
});

describe('rows in another place', () => {
  const made = async (payload = encryptedDescription) => {
    const disk = createMemoryDriver();
    await (await fill(disk, payload)).call('close', {});
    await disk.open();
    return disk;
  };
  /** The content of one row under the key of another, with a checksum that fits. */
  const moved = (from: object, to: object, fields: readonly string[]) => {
    const content = Object.fromEntries(
      fields.map((field) => [field, (from as Record<string, unknown>)[field]]),
    );
    return seal({ ...to, ...content } as never);
  };
  const FIELDS: readonly (readonly [TableName, readonly string[]])[] = [
    ['documents', ['data']],
    ['vectors', ['data']],
    ['operations', ['data']],
    ['blobs', ['about', 'data']],
  ];
  const own = (rows: readonly object[]) => rows.filter((row) => 'checksum' in row);

  const damageOf = async (disk: StorageDriver, payload = encryptedDescription) => {
    const tab = await openTab(engine, disk, payload);
    const health = await tab.call('verify', {});
    const ids = await list(tab);
    for (const id of ids) expect(id).toMatch(/^id-of-/);
    // What cannot be read must not begin the list anew.
    expect(ids).toEqual([...new Set(ids)]);
    return (
      health.damagedDocuments.length +
      health.damagedPacks +
      health.damagedOperations +
      health.damagedSnapshots
    );
  };

  test('are intact where they are', async () => {
    expect(await damageOf(await made())).toBe(0);
  });

  test.for(FIELDS)('swapped within %s', async ([table, fields]) => {
    const disk = await made();
    const [a, b] = own((await dumpRows(disk))[table]);
    if (!a || !b) throw new Error('too few rows');
    await disk.transaction('readwrite', [table], (tx) =>
      tx.put(table, [moved(a, b, fields), moved(b, a, fields)] as never),
    );
    expect(await damageOf(disk)).toBe(2);
  });

  test('swapped within meta', async () => {
    const disk = await made();
    const { meta } = await dumpRows(disk);
    const [a, b] = meta.filter(({ key }) => key.startsWith('snapshot-'));
    if (!a || !b) throw new Error('too few rows');
    await disk.transaction('readwrite', ['meta'], (tx) =>
      tx.put('meta', [moved(a, b, ['data']), moved(b, a, ['data'])] as never),
    );
    expect(await damageOf(disk)).toBeGreaterThan(0);
  });

  test.for(FIELDS)('of another index of the same app key, in %s', async ([table, fields]) => {
    const disk = await made();
    const other = await made();
    const [mine] = own((await dumpRows(disk))[table]);
    const [theirs] = own((await dumpRows(other))[table]);
    if (!mine || !theirs) throw new Error('too few rows');
    await disk.transaction('readwrite', [table], (tx) =>
      tx.put(table, [moved(theirs, mine, fields)] as never),
    );
    expect(await damageOf(disk)).toBe(1);
  });

  test('the key of another index does not open this one', async () => {
    const disk = await made();
    const other = await made({ ...encryptedDescription, name: 'another' });
    const { meta } = await dumpRows(other);
    const keys = meta.filter(({ key }) => (key as string).startsWith('key-'));
    expect(keys).toHaveLength(2);
    await disk.transaction('readwrite', ['meta'], (tx) => tx.put('meta', keys));
    await expect(openTab(engine, disk, encryptedDescription)).rejects.toMatchObject({
      code: 'wrong-key',
    });
  });

  test('a repair takes them out, and the rest stays', async () => {
    const disk = await made();
    const [a, b] = own((await dumpRows(disk)).documents);
    if (!a || !b) throw new Error('too few rows');
    await disk.transaction('readwrite', ['documents'], (tx) =>
      tx.put('documents', [moved(a, b, ['data']), moved(b, a, ['data'])] as never),
    );
    const tab = await openTab(engine, disk, encryptedDescription);
    expect((await tab.call('repair', {})).damagedDocuments).toHaveLength(2);
    expect(await tab.call('verify', {})).toMatchObject({
      documents: 1,
      damagedDocuments: [],
      strayVectors: 0,
      isCountRight: true,
    });
    expect(await list(tab)).toHaveLength(1);
    await put(tab, SECRETS);
    expect(await list(tab)).toHaveLength(4);
  });

  test('a purge says that a pack it cannot read may hold what it is to delete', async () => {
    const disk = await made();
    const [pack] = own((await dumpRows(disk)).vectors);
    await disk.transaction('readwrite', ['vectors'], (tx) =>
      tx.put('vectors', [{ ...pack, data: new ArrayBuffer(40) }] as never),
    );
    const tab = await openTab(engine, disk, encryptedDescription);
    const purge = (opId: string) => tab.call('purge', { opId, namespace, ids: ['id-of-whales'] });
    expect(await purge('one')).toEqual({ removed: 1, traces: 1 });
    await tab.call('repair', {});
    expect(await purge('two')).toEqual({ removed: 0, traces: 0 });
  });
});
