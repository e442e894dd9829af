/** Writes storage.json and storage.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { isNumber, table, times, whole } from '../report/numbers.mjs';

/** @param {any} report @param {string} folder */
export async function writeStorageReport(report, folder) {
  mkdirSync(folder, { recursive: true });
  /** @param {string} name @param {string} text @param {string} parser */
  const write = async (name, text, parser) => {
    const options = { parser, printWidth: 100, singleQuote: true };
    writeFileSync(join(folder, name), await prettier.format(text, options));
  };
  await write('storage.json', JSON.stringify(report, undefined, 2), 'json');
  await write('storage.md', markdown(report), 'markdown');
}

/** @param {any} report */
function markdown(report) {
  const { machine, parts } = report;
  return [
    '# What storing costs',
    'Written by `npm run bench -- --storage`; do not edit. Every figure: [storage.json](storage.json). ' +
      'What is chosen because of them: [storage](../storage.md).',
    report.quick ? '**A quick run: whether it works, not how fast it is.**' : '',
    table(
      ['', ''],
      [
        [
          'Machine',
          `${machine.cpu}, ${machine.cores} cores${machine.virtual ? ', virtual' : ''}, ${machine.memoryGiB} GiB, ${machine.system}`,
        ],
        ['Inserting', origin(parts.insert)],
        ['Opening, bytes', origin(parts.indexes)],
        ['Memory', origin(parts.tabs)],
      ],
    ),
    'The built package, its worker and IndexedDB, as an app has them. Documents are passages of the ' +
      "example's corpus, about 420 characters each, numbered so that none is there twice, with two fields of " +
      'metadata; vectors of 384 dimensions are clustered and made before. Where not said otherwise, a figure is the ' +
      'median, with the lowest and the highest in brackets. A machine with more load than cores makes times longer, and strict and relaxed alike; bytes do not vary.',
    '## Inserting',
    inserts(report.insert),
    '## Opening',
    openings(report.indexes),
    '## Bytes a document',
    bytes(report),
    '## Adding to a large index',
    additions(report.cost),
    '## Memory of tabs',
    memory(report.tabs),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** When, of what, and how busy the machine was. @param {any} part */
function origin({ startedAt, minutes, load, commit, changed, engine, chromium }) {
  return [
    `${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${Math.round(minutes)} minutes`,
    load ? `load average ${load[0]} to ${load[1]}` : 'load not recorded',
    `commit \`${commit.slice(0, 12)}\`${changed ? ' with changes' : ''}, engine \`${engine}\``,
    `Chromium ${chromium}, headless`,
  ].join('; ');
}

/** @param {any[]} results */
function inserts(results) {
  const batches = [...new Set(results.map(({ batch }) => batch))];
  const kinds = [
    { durability: 'strict', withVector: false },
    { durability: 'relaxed', withVector: false },
    { durability: 'strict', withVector: true },
    { durability: 'relaxed', withVector: true },
  ];
  const rows = batches.map((batch) => [
    whole(batch),
    ...kinds.map(({ durability, withVector }) =>
      spread(
        results
          .filter(
            (one) =>
              one.batch === batch && one.durability === durability && one.withVector === withVector,
          )
          .map(({ perSecond }) => perSecond),
      ),
    ),
  ]);
  const head = ['documents an insert', 'texts, strict', 'relaxed', 'vectors, strict', 'relaxed'];
  return (
    'Documents a second, one insert after the other, the graph being built meanwhile. Texts go through an embedder ' +
    '(which takes no time here) and are stored 16 at a time, documents that bring their vectors up to 256.\n\n' +
    table(head, rows)
  );
}

/** @param {any[]} indexes */
function openings(indexes) {
  const rows = indexes.map(({ count, open }) => [
    whole(count),
    ...['snapshot', 'rows'].map((from) =>
      spread(open[from].map((/** @type {any} */ { firstMs }) => firstMs)),
    ),
  ]);
  return (
    'Milliseconds from the call that opens the index to its first answer, starting of the worker and compiling of ' +
    'the engine included, in a browser that was just started; the files are in the cache of the system. From ' +
    'rows, that answer compares every vector; the graph is built afterwards.\n\n' +
    table(['documents', 'from a snapshot', 'from rows'], rows)
  );
}

/** @param {any} report */
function bytes({ indexes, cost }) {
  /** @param {string} label @param {number} count @param {any} disk */
  const row = (label, count, { files, estimate, tables }) => {
    /** @param {number} sum */
    const each = (sum) => whole(sum / count);
    const { documents, vectors, operations, meta, blobs } = tables;
    const all = [documents, vectors, operations, meta, blobs];
    return [
      label,
      each(documents.bytes),
      each(vectors.bytes),
      each(operations.bytes + meta.bytes),
      each(blobs.bytes + blobs.blobBytes),
      each(all.reduce((sum, one) => sum + one.bytes + one.blobBytes, 0)),
      each(files),
      each(estimate),
    ];
  };
  const rows = indexes.map((/** @type {any} */ { count, disk }) => row(whole(count), count, disk));
  for (const { stored, added, batch, pauses, disk } of cost) {
    const label = `${whole(stored)} and ${whole(added)} in batches of ${batch}, ${pauses} pauses`;
    rows.push(row(label, stored + added, disk));
  }
  return (
    'Rows as the structured clone gives them, before the browser compresses; snapshots as they are. The ' +
    "browser's files are measured after it was closed.\n\n" +
    table(
      [
        'documents',
        'document rows',
        'vectors',
        'log, meta',
        'snapshots',
        'sum',
        "browser's files",
        'estimate()',
      ],
      rows,
    )
  );
}

/** @param {any[]} cost */
function additions(cost) {
  const rows = cost.map(
    ({ stored, added, batch, pauses, rows: own, bytes, tables, snapshots, factor }) => [
      whole(stored),
      `${whole(added)} in batches of ${batch}`,
      whole(pauses),
      mega(own),
      mega(tables.operations),
      mega(tables.blobs ?? 0),
      mega(tables.meta),
      whole(snapshots),
      mega(bytes),
      times(factor),
    ],
  );
  return (
    'Megabytes (10⁶) handed to IndexedDB. A pause is long enough that the graph is completed and maintenance does ' +
    'all that it wants to. The limit is four times the rows of documents and vectors; ' +
    '`packages/react/tests/storage/cost` holds the protocol to it.\n\n' +
    table(
      [
        'stored',
        'added',
        'pauses',
        'rows',
        'log',
        'snapshots',
        'meta',
        'snapshots taken',
        'in all',
        'of rows',
      ],
      rows,
    )
  );
}

/** @param {any[]} tabs */
function memory(tabs) {
  if (tabs.length === 0) return 'Not measured: only Linux tells.';
  const blank = tabs.find(({ count }) => count === 0);
  /** @param {any} one @param {number} count */
  const of = ({ measured }, count) =>
    measured.find((/** @type {any} */ { tabs: number }) => number === count).bytes;
  const rows = tabs.map((one) => {
    const [first, five] = [of(one, 1), of(one, 5)];
    const further = (five - first) / 4;
    const own = further - (of(blank, 5) - of(blank, 1)) / 4;
    const isBlank = one.count === 0;
    return [
      isBlank ? 'none opened' : whole(one.count),
      mega(first),
      mega(five),
      mega(further),
      isBlank ? '–' : mega(own),
      isBlank ? '–' : mega(one.engineBytes),
    ];
  });
  return (
    'Megabytes (10⁶) of all processes of the browser, as the sum of their proportional set sizes ' +
    '(`smaps_rollup`), eight seconds after the last tab had its first answer. What a tab costs by itself is ' +
    'taken off in the last but one column. [ADR 16](../adr/0016-a-replica-per-tab.md) says what follows.\n\n' +
    table(
      [
        'documents',
        'one tab',
        'five tabs',
        'a further tab',
        'of that the index',
        "engine's memory",
      ],
      rows,
    )
  );
}

/** @param {number} value */
function mega(value) {
  return isNumber(value) ? (value / 1e6).toFixed(value < 1e6 ? 2 : 1) : '–';
}

/** @param {number[]} values */
function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (sorted.length < 2) return whole(middle);
  return `${whole(middle)} (${whole(sorted[0])}–${whole(sorted[sorted.length - 1])})`;
}
