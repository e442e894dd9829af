/** The bundlers that are tried, each by the commands of its own manual. */
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Bundler
 * @property {string} name a folder of `apps/`
 * @property {string} title
 * @property {string} version
 * @property {(port: number) => string[]} dev starts the development server
 * @property {string[]} build
 * @property {(port: number) => string[]} [start] serves what was built; default: any web server does,
 *   for the folder `dist` and what is in `public`
 * @property {Partial<Record<Mode, string>>} fails what the app's failure says where the package works
 *   only by way of `@akin/react/inline`
 *
 * @typedef {'dev' | 'build'} Mode
 */

const host = '127.0.0.1';
const esbuild = ['esbuild', 'src/main.tsx', '--bundle', '--format=esm', '--jsx=automatic'];
/** @param {number} port */
const vite = (port) => ['vite', '--host', host, '--port', `${port}`, '--strictPort'];

/** @type {Omit<Bundler, 'version'>[]} */
const all = [
  { name: 'vite-8', title: 'Vite', dev: vite, build: ['vite', 'build'], fails: {} },
  {
    name: 'webpack-5',
    title: 'webpack',
    dev: (port) => ['webpack', 'serve', '--mode=development', `--host=${host}`, `--port=${port}`],
    build: ['webpack', '--mode=production'],
    fails: {},
  },
  {
    name: 'rspack',
    title: 'Rspack',
    dev: (port) => ['rspack', 'dev', `--host=${host}`, `--port=${port}`],
    build: ['rspack', 'build'],
    fails: {},
  },
  {
    name: 'next',
    title: 'Next.js, Turbopack',
    dev: (port) => ['next', 'dev', '--hostname', host, '--port', `${port}`],
    build: ['next', 'build'],
    start: (port) => ['next', 'start', '--hostname', host, '--port', `${port}`],
    fails: {},
  },
  {
    name: 'vite-7',
    title: 'Vite',
    dev: vite,
    build: ['vite', 'build'],
    // Its server answers every unknown address with the app's page.
    fails: { dev: 'came as text/html' },
  },
  {
    name: 'esbuild',
    title: 'esbuild',
    dev: (port) => [
      ...[...esbuild, '--outdir=public', '--servedir=public', `--serve=${host}:${port}`],
      // It would end with its standard input, of which there is none.
      '--watch=forever',
    ],
    build: [...esbuild, '--minify', '--outdir=dist'],
    fails: { dev: 'status 404', build: 'status 404' },
  },
];

const packages = { webpack: 'webpack', next: 'next', esbuild: 'esbuild', rspack: '@rspack/core' };

/** @type {Bundler[]} */
export const bundlers = all.map((bundler) => {
  const url = new URL(`apps/${bundler.name}/package.json`, import.meta.url);
  const { devDependencies } = JSON.parse(readFileSync(url, 'utf8'));
  const name = bundler.name.replace(/-\d+$/, '');
  const version = devDependencies[packages[/** @type {'next'} */ (name)] ?? name];
  return { ...bundler, version };
});

/** @param {string} name @returns {Bundler} */
export function bundlerNamed(name) {
  const found = bundlers.find((bundler) => bundler.name === name);
  if (!found) throw new Error(`There is no bundler ${name}.`);
  return found;
}
