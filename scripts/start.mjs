/**
 * `npm start [ask|chat|next]` builds an example and serves it; `npm run dev [ask|chat]` rebuilds it and
 * the packages as their files change. Neither needs Rust.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './process.mjs';
import { installExample, removeExampleInstall } from './start/example-workspace.mjs';
import { isBuilt, markBuilt } from './start/fingerprint.mjs';
import { isPackedExample, startPackedExample } from './start/packed-example.mjs';
import { watchSources } from './start/watch.mjs';
import { createStaticServer, listen } from './static-server.mjs';
import { pnpm } from './toolchain/pnpm.mjs';

/** In the order in which they use one another. */
const packages = ['@akin/engine', '@akin/react', '@akin/minilm'];

const args = process.argv.slice(2);
const name = args.find((arg) => !arg.startsWith('-')) ?? 'ask';
const folder = join(root, 'examples', name);
if (!existsSync(join(folder, 'package.json'))) {
  process.stderr.write(
    `There is no example called ${name}: npm start, npm start chat or npm start next.\n`,
  );
  process.exit(2);
}
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const example = manifest.name;
const wantedPort = Number(process.env.PORT ?? 4173);

/**
 * @param {string} doing
 * @param {() => Promise<number>} work
 * @returns {Promise<boolean>} whether it worked
 */
async function step(doing, work) {
  const startedAt = performance.now();
  process.stdout.write(`${doing}\n`);
  const code = await work();
  if (code !== 0) {
    process.stderr.write(`${doing}: failed with code ${code}.\n`);
    return false;
  }
  process.stdout.write(`  ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  return true;
}

/**
 * Runs a package's build script, which is heard only when it fails.
 * @param {string} name
 * @param {string[]} [flags]
 */
function build(name, flags = []) {
  let output = '';
  const onOutput = (/** @type {string} */ text) => void (output += text);
  return step(`Building ${name}`, async () => {
    const code = await pnpm(['--filter', name, 'run', 'build', ...flags], { onOutput });
    if (code !== 0) process.stderr.write(output);
    return code;
  });
}

/**
 * Builds packages up to the first that fails.
 * @param {string[]} names
 * @param {string[]} [flags]
 */
async function buildPackages(names, flags = []) {
  for (const name of names) {
    // Declarations are for those who write against the packages.
    if (!(await build(name, ['--no-dts', ...flags]))) return false;
  }
  return true;
}

/** @param {boolean} worked */
function orStop(worked) {
  if (!worked) process.exit(1);
}

async function start() {
  if (isBuilt(name) && !args.includes('--force')) {
    process.stdout.write('Nothing changed since the last build.\n');
  } else {
    orStop(await step('Installing what the example needs', () => installExample(example)));
    orStop(await buildPackages(packages));
    orStop(await build(example));
    markBuilt(name);
  }
  const server = createStaticServer(join(folder, 'dist'));
  const port = await listen(server, wantedPort);
  const url = `http://127.0.0.1:${port}/`;
  const { status } = await fetch(url);
  if (status !== 200) throw new Error(`${url} answers ${status}: is ${folder}/dist complete?`);
  process.stdout.write(`\nReady. Ctrl-C stops it.\n${url}\n`);
}

/** For an example that gets the packages as npm would serve them. */
async function startPacked() {
  const install = () => installExample('@akin/minilm');
  orStop(await step('Installing what the packages need', install));
  for (const name of packages) orStop(await build(name));
  process.exit(await startPackedExample(name, wantedPort, step));
}

async function dev() {
  removeExampleInstall();
  orStop(await step('Installing', () => pnpm(['install', '--frozen-lockfile'])));
  orStop(await buildPackages(packages));
  const folders = packages.map((name) => name.replace('@akin/', 'packages/'));
  watchSources(folders, async (first) => {
    // What was built before stays until it is replaced: the running example imports it.
    await buildPackages(packages.slice(first), ['--no-clean']);
  });
  process.exit(await pnpm(['--filter', example, 'run', 'dev']));
}

if (isPackedExample(name)) {
  if (args.includes('--dev')) {
    process.stderr.write(`${name} cannot be watched: npm start ${name} builds and serves it.\n`);
    process.exit(2);
  }
  await startPacked();
} else {
  await (args.includes('--dev') ? dev() : start());
}
