/**
 * docs/api, from the doc comments: `node scripts/api/reference.mjs` writes it, with `--check` it says
 * what is not up to date, and with either, what has no doc comment or no example.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../process.mjs';
import { linkHeadings } from './anchors.mjs';
import { entries, exportsOf, gapsIn, readApi } from './model.mjs';

const pages = join(root, 'docs', 'api');
const isCheck = process.argv.includes('--check');
const out = isCheck ? mkdtempSync(join(tmpdir(), 'akin-api-')) : pages;

/** @param {string} folder @returns {Map<string, string>} */
function filesOf(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** The first page, instead of TypeDoc's list of modules. */
function index() {
  const rows = entries.map(
    ({ slug, specifier, about }) => `| [\`${specifier}\`](${slug}.md) | ${about} |`,
  );
  return [
    '# API reference',
    '',
    'Made of the doc comments by `npm run docs:api`; do not edit.',
    '',
    '| import | holds |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

const { app, project } = await readApi(out);
const complaints = gapsIn(exportsOf(project));
try {
  app.validate(project);
  await app.generateOutputs(project);
  const { pages: linked, lost } = linkHeadings(filesOf(out));
  complaints.push(...lost);
  for (const [name, text] of linked) writeFileSync(join(out, name), text);
  writeFileSync(join(out, 'README.md'), index());
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    complaints.push('See the warnings above.');
  if (isCheck) {
    const written = filesOf(pages);
    const wanted = filesOf(out);
    for (const name of new Set([...written.keys(), ...wanted.keys()])) {
      if (written.get(name) !== wanted.get(name)) {
        complaints.push(`docs/api/${name} is not up to date: run \`npm run docs:api\`.`);
      }
    }
  }
} finally {
  if (isCheck) rmSync(out, { recursive: true, force: true });
}
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
else console.log(isCheck ? 'docs/api is up to date.' : 'docs/api is written.');
