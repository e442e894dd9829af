/** A fresh app outside the workspace, with the package installed from its tarball as npm would serve it. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyExample, inApp, installPacked } from '../../scripts/packages/packed-app.mjs';
import { freePort } from '../driver/free-port.mjs';
import { waitForServer } from './wait-for-server.mjs';

/* global AbortController */

/**
 * @typedef {object} App
 * @property {string} folder
 * @property {(command: string[]) => Promise<void>} exec runs a command of the app's own tools
 * @property {(command: (port: number) => string[]) => Promise<Server>} start the same, for a server
 * @property {() => Promise<void>} remove
 *
 * @typedef {App & { use: (entry: Entry) => Promise<void> }} BundlerApp `use`: how it uses the package from now on
 * @typedef {'plain' | 'inline'} Entry as it is, or by way of `@akin/react/inline`
 * @typedef {{ url: string, close: () => Promise<void> }} Server
 */

const templates = fileURLToPath(new URL('apps/', import.meta.url));
const shared = join(templates, 'shared');

const commandMs = 3 * 60_000;

const tsconfig = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    module: 'ESNext',
    moduleResolution: 'bundler',
    jsx: 'react-jsx',
    strict: true,
    noEmit: true,
    allowJs: true,
    esModuleInterop: true,
    isolatedModules: true,
    resolveJsonModule: true,
  },
};

/**
 * An app of `apps/`, as a person would have it after a bundler's own first page.
 * @param {string} name
 * @returns {Promise<BundlerApp>}
 */
export async function createApp(name) {
  const folder = await mkdtemp(join(tmpdir(), `akin-${name}-`));
  const source = join(folder, 'src');
  await cp(join(templates, name), folder, { recursive: true });
  await mkdir(source);
  await mkdir(join(folder, 'public'), { recursive: true });
  await cp(join(shared, 'icon.svg'), join(folder, 'public', 'icon.svg'));
  await cp(join(shared, 'App.tsx'), join(source, 'App.tsx'));
  if (name !== 'next') await cp(join(shared, 'main.tsx'), join(source, 'main.tsx'));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  const use = async (/** @type {Entry} */ entry) => {
    const file = entry === 'inline' ? 'options-inline.ts' : 'options.ts';
    await cp(join(shared, file), join(source, 'options.ts'));
  };
  await use('plain');
  await installPacked(folder);
  return { ...appIn(folder), use };
}

/**
 * An example that stands outside the workspace.
 * @param {string} name a folder of `examples/`
 * @returns {Promise<App>}
 */
export async function createExample(name) {
  const folder = await mkdtemp(join(tmpdir(), `akin-example-${name}-`));
  await copyExample(name, folder);
  await installPacked(folder);
  return appIn(folder);
}

/** @param {string} folder @returns {App} */
function appIn(folder) {
  return {
    folder,
    async exec(command) {
      let output = '';
      const onOutput = (/** @type {string} */ text) => void (output += text);
      const code = await inApp(folder, command, { onOutput, timeoutMs: commandMs });
      if (code !== 0) throw new Error(`${command.join(' ')} ended with code ${code}:\n${output}`);
    },
    async start(command) {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}/`;
      const stop = new AbortController();
      let output = '';
      const ended = inApp(folder, command(port), {
        signal: stop.signal,
        onOutput: (text) => void (output += text),
      });
      const close = async () => {
        stop.abort();
        await ended;
      };
      try {
        await waitForServer(url, ended, commandMs);
      } catch (error) {
        await close();
        throw new Error(`${command(port).join(' ')} serves nothing:\n${output}`, { cause: error });
      }
      return { url, close };
    },
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
