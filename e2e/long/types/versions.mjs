/** TypeScript in many versions, each installed when it is first asked for, and what they say of the consumer. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const cache = join(root, 'node_modules', '.cache', 'akin-typescript');

/** The oldest TypeScript that Akin's types are for. README.md and packages/react/README.md say so too. */
export const oldest = '5.7.3';

/** What came before: with it they must fail, or the promise is too small. */
export const tooOld = '5.6.3';

export const newer = ['5.8.3', '5.9.3', '6.0.3', '7.0.2'];

export const resolutions = /** @type {const} */ (['bundler', 'nodenext']);

/**
 * The compiler of an exact version.
 * @param {string} version
 */
function install(version) {
  const folder = join(cache, version);
  const compiler = join(folder, 'node_modules', 'typescript', 'bin', 'tsc');
  if (existsSync(compiler)) return compiler;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--prefix', folder, ...quiet, `typescript@${version}`],
    { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' },
  );
  if (status !== 0) throw new Error(`TypeScript ${version} could not be installed.\n${stderr}`);
  return compiler;
}

/**
 * What a version says of an app that uses every entry: nothing, or its errors. Declarations of all
 * packages are checked, Akin's and those of its peers.
 * @param {string} version
 * @param {(typeof resolutions)[number]} resolution
 * @returns {string}
 */
export function errorsOf(version, resolution) {
  const compiler = install(version);
  const folder = join(cache, 'consumers');
  mkdirSync(folder, { recursive: true });
  const project = join(folder, `${version}-${resolution}.json`);
  const options = {
    target: 'ES2022',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    module: resolution === 'bundler' ? 'ESNext' : 'NodeNext',
    moduleResolution: resolution,
    jsx: 'react-jsx',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: [],
  };
  const files = [join(root, 'e2e', 'long', 'types', 'consumer.tsx')];
  writeFileSync(project, JSON.stringify({ compilerOptions: options, files }));
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, '-p', project], {
    cwd: root,
    encoding: 'utf8',
  });
  return status === 0 ? '' : `${stdout}${stderr}` || `tsc ended with code ${status}`;
}
