/** A fresh app outside the workspace, with the package installed from its tarball as npm would serve it. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pack } from '../../scripts/packages/pack.mjs';
import { run } from '../../scripts/process.mjs';
import { pnpm, pnpmCommand } from '../../scripts/toolchain/pnpm.mjs';
import { freePort, waitForServer } from './port.mjs';

/* global AbortController */

/**
 * @typedef {object} App
 * @property {string} folder
 * @property {(entry: Entry) => Promise<void>} use how the package is used from now on
 * @property {(command: string[]) => Promise<void>} exec runs a command of the app's own tools
 * @property {(command: (port: number) => string[]) => Promise<Server>} start the same, for a server
 * @property {() => Promise<void>} remove
 *
 * @typedef {'plain' | 'inline'} Entry as it is, or by way of `@akin/react/inline`
 * @typedef {{ url: string, close: () => Promise<void> }} Server
 */

const templates = fileURLToPath(new URL('apps/', import.meta.url));
const shared = join(templates, 'shared');

const installMs = 5 * 60_000;
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
 * @param {string} name a folder of `apps/`
 * @returns {Promise<App>}
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

  /** @type {App} */
  const app = {
    folder,
    async use(entry) {
      const file = entry === 'inline' ? 'options-inline.ts' : 'options.ts';
      await cp(join(shared, file), join(source, 'options.ts'));
    },
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
  await app.use('plain');
  await install(folder);
  return app;
}

/** @param {string} folder */
async function install(folder) {
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  manifest.dependencies['@akin/react'] = `file:${await pack('react', folder)}`;
  await writeFile(file, JSON.stringify(manifest, null, 2));
  let output = '';
  const code = await pnpm(
    [
      ...['install', '--ignore-workspace', '--no-frozen-lockfile', '--reporter=append-only'],
      // Nothing downloads what is not in the registry.
      '--ignore-scripts',
    ],
    { cwd: folder, timeoutMs: installMs, onOutput: (text) => void (output += text) },
  );
  if (code !== 0) throw new Error(`pnpm install ended with code ${code}:\n${output}`);
}

/**
 * @param {string} cwd
 * @param {string[]} command
 * @param {import('../../scripts/process.mjs').RunOptions} options
 */
function inApp(cwd, command, options) {
  const pnpm = pnpmCommand();
  const env = { ...pnpm.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: undefined };
  const args = [...pnpm.args, '--ignore-workspace', 'exec', ...command];
  return run(pnpm.command, args, { ...options, cwd, env });
}
