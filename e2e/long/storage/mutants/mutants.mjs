/**
 * Bugs that would lose data, each one change of the source. The suites on a simulated disk must notice
 * every one of them.
 *
 * @typedef {{ name: string, file: string, from: string, to: string }} Mutant
 */

import assert from 'node:assert/strict';

const storage = 'packages/react/src/storage';
const worker = 'packages/react/src/worker';

/** @type {Mutant[]} */
export const mutants = [
  {
    name: 'a write is acknowledged before it is complete',
    file: `${storage}/store.ts`,
    from: `driver.transaction('readwrite', WRITTEN, (tx) => commitPut(tx, operation), durability),`,
    to: `new Promise((resolve, reject) => {
        const write = async (tx) => {
          const outcome = await commitPut(tx, operation);
          resolve(outcome);
          return outcome;
        };
        driver.transaction('readwrite', WRITTEN, write, durability).catch(reject);
      }),`,
  },
  {
    name: 'a write is durable only once the system pleases',
    file: `${storage}/dexie-driver.ts`,
    from: `async transaction(mode, tables, body, durability = 'strict') {`,
    to: `async transaction(mode, tables, body, durability = 'relaxed') {`,
  },
  {
    name: 'removals are not logged',
    file: `${storage}/commit.ts`,
    from: `await tx.put('operations', [seal<OperationRow>(operation)]);`,
    to: `if (operation.kind === 'put') await tx.put('operations', [seal<OperationRow>(operation)]);`,
  },
  {
    name: 'a snapshot is published without being read back',
    file: `${worker}/take-snapshot.ts`,
    from: 'if (read && sameBytes(read, bytes)) return blob;',
    to: 'if (read && !Number.isNaN(sameBytes(read, bytes))) return blob;',
  },
  {
    name: 'checksums are not compared',
    file: `${storage}/schema.ts`,
    from: 'return checksumOf(row) === row.checksum;',
    to: 'return checksumOf(row) !== NaN;',
  },
  {
    name: 'a checksum leaves a field out',
    file: `${storage}/schema.ts`,
    from: `(field) => field !== 'checksum' && field !== 'data'`,
    to: `(field) => field !== 'checksum' && field !== 'data' && field !== 'metadata'`,
  },
  {
    name: 'a maintainer that was overtaken is not refused',
    file: `${storage}/snapshots.ts`,
    from: `if (row?.key === 'maintenance' && row.epoch === epoch && isIntact(row)) return;`,
    to: `if (row?.key === 'maintenance' && isIntact(row)) return;`,
  },
  {
    name: 'an operation that is sent again is done again',
    file: `${storage}/commit.ts`,
    from: `if (known) return { kind: 'known', result: known.result as PutResult, seq: known.seq };`,
    to: 'void known;',
  },
  {
    name: 'what other tabs wrote before is skipped',
    file: `${worker}/service.ts`,
    from: 'if (committed && index.replica.seq + 1 === seq) index',
    to: 'if (committed) index',
  },
  {
    name: 'a failure in the middle of a transaction is passed over',
    file: `${storage}/commit.ts`,
    from: '  await retireVectors(tx, retired);',
    to: '  await retireVectors(tx, retired).catch(() => undefined);',
  },
  {
    name: 'the newest snapshot is written over',
    file: `${storage}/snapshots.ts`,
    from: 'const key = given?.key ?? SNAPSHOT_KEYS.find((name) => name !== newest?.key);',
    to: 'const key = newest?.key ?? given?.key;',
  },
  {
    name: 'a snapshot takes slots over that have changed since',
    file: `${worker}/take-snapshot.ts`,
    from: 'own?.revisions.slots[segment] === revision',
    to: 'own?.row.slots[segment] !== undefined',
  },
  {
    name: 'a snapshot is published before its bytes are stored',
    file: `${storage}/snapshots.ts`,
    from: `await tx.put('blobs', [seal<BlobRow>({ blob, bytes: bytes.length, crc, data })]);`,
    to: `setTimeout(() => {
          driver
            .transaction('readwrite', ['blobs'], (later) =>
              later.put('blobs', [seal<BlobRow>({ blob, bytes: bytes.length, crc, data })]),
            )
            .catch(() => undefined);
        }, 5);`,
  },
];

/**
 * @param {string} source of the mutant's file
 * @param {Mutant} mutant
 */
export function mutated(source, { file, from, to }) {
  // Moved or reworded code must not make a mutant pass unseen.
  assert.equal(source.split(from).length, 2, `${file} has this place once: ${from}`);
  return source.replace(from, () => to);
}
