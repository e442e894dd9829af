/**
 * Every `@example` of a doc comment as a file of its own in `.examples/`, read by TypeScript as an app's:
 * what is pasted from an editor's tooltip compiles.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from '../process.mjs';
import { exportsOf, readApi } from './model.mjs';

const folder = join(root, '.examples');
const fence = /```(tsx?)\n([\s\S]*?)\n```/g;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({
    extends: '../tsconfig.base.json',
    // An example may end with what it found.
    compilerOptions: { noUnusedLocals: false, types: ['vite/client'] },
    include: ['*.ts', '*.tsx'],
  }),
);

const { project } = await readApi(tmpdir());
let count = 0;
for (const { entry, name, examples } of exportsOf(project)) {
  for (const [at, text] of examples.entries()) {
    const blocks = [...text.matchAll(fence)];
    if (blocks.length === 0)
      throw new Error(`The @example of ${name} has no code block in tsx or ts.`);
    for (const [part, [, language, code]] of blocks.entries()) {
      const file = [entry.slug, name, at, part].join('.');
      const isModule = /^(import|export)\b/m.test(code);
      writeFileSync(
        join(folder, `${file}.${language}`),
        `${code}\n${isModule ? '' : 'export {};\n'}`,
      );
      count += 1;
    }
  }
}

const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
process.exitCode = await run(process.execPath, [compiler, '-p', join(folder, 'tsconfig.json')]);
if (process.exitCode === 0) console.log(`${count} examples compile.`);
