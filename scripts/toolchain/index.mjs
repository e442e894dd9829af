/** `node scripts/toolchain/index.mjs` prints which tools are here. It installs nothing. */
import { answer } from '../process.mjs';
import { findFirefox, findWebKit } from './browsers.mjs';
import { findChromium } from './chromium.mjs';
import { localPnpmVersion, pnpmVersion } from './pnpm.mjs';
import { describeRust, probeRust } from './rust.mjs';

/** @param {string | undefined} path */
const browser = (path) => path && (answer(path, ['--version']) || path);

const pnpm = localPnpmVersion();
const rust = probeRust();

/** @type {[string, string | undefined][]} */
const tools = [
  ['node', process.version],
  ['pnpm', pnpm === pnpmVersion ? pnpm : `${pnpmVersion}, by npx`],
  ['cargo', rust.cargo && `${rust.cargo}${rust.checks ? '' : ', without rustfmt or clippy'}`],
  ['engine', describeRust(rust)],
  ['chromium', browser(findChromium())],
  ['firefox', browser(findFirefox())],
  ['webkit', findWebKit()],
];

for (const [name, found] of tools) {
  process.stdout.write(`${name.padEnd(9)} ${found ?? 'not here'}\n`);
}
