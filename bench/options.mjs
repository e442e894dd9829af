/** What may be said to `npm run bench`. */
import { parseArgs } from 'node:util';
import { join, resolve } from 'node:path';
import { root } from '../scripts/process.mjs';
import { cacheFolder } from './cache.mjs';
import { recipes } from './data/sets.mjs';
import { peers } from './peers.mjs';
import { storageParts } from './storage/run.mjs';

export const usage = `npm run bench [-- OPTIONS]

  --sets a,b     only these: ${recipes.map(({ name }) => name).join(', ')}
  --peers a,b    only these: ${peers.map(({ name }) => name).join(', ')}
  --quick        few vectors and few parameters: whether it runs, not how fast it is
  --limit N      at most N vectors a set
  --resume       takes finished sets of a run that broke off from bench/.cache
  --out FOLDER   where the report goes; default docs/benchmarks, and for runs of a part of
                 everything bench/.cache/report
  --storage      what storing costs instead: inserts, opening, bytes, memory of tabs
  --only PART    of that only this, in the last report: ${storageParts.join(', ')}
  --report       writes the report of the last run again, without running anything
  --note TEXT    for the report: what else its readers have to know, such as what ran beside it
`;

/** @param {string[]} args */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      sets: { type: 'string' },
      peers: { type: 'string' },
      quick: { type: 'boolean', default: false },
      limit: { type: 'string' },
      resume: { type: 'boolean', default: false },
      storage: { type: 'boolean', default: false },
      only: { type: 'string' },
      out: { type: 'string' },
      report: { type: 'boolean', default: false },
      note: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const limit = values.limit ? Number(values.limit) : values.quick ? 3_000 : undefined;
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1_000)) {
    throw new Error('--limit is a whole number from 1000.');
  }
  if (values.only && !storageParts.some((part) => part === values.only)) {
    throw new Error(`--only: there is no ${values.only}.`);
  }
  const partial = Boolean(values.sets ?? values.peers ?? limit);
  const usual = partial ? join(cacheFolder, 'report') : join(root, 'docs', 'benchmarks');
  return {
    help: values.help,
    quick: values.quick,
    resume: values.resume,
    storage: values.storage,
    only: values.only,
    reportOnly: values.report,
    note: values.note,
    partial,
    limit,
    out: values.out ? resolve(values.out) : usual,
    sets: chosen('sets', values.sets, recipes),
    peers: chosen('peers', values.peers, peers),
  };
}

/**
 * @template {{ name: string }} T
 * @param {string} option
 * @param {string | undefined} names
 * @param {T[]} all
 * @returns {T[]}
 */
function chosen(option, names, all) {
  if (names === undefined) return all;
  return names.split(',').map((name) => {
    const found = all.find((one) => one.name === name || (name === 'ours' && one.name === 'akin'));
    if (found) return found;
    throw new Error(`--${option}: there is no ${name}.`);
  });
}
