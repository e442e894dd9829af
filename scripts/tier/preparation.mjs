/** The steps that both tiers begin with: what they test has to be there. */
import { removeExampleInstall } from '../start/example-workspace.mjs';
import { ensureChromium } from '../toolchain/chromium.mjs';
import { whyNoDebianPackages } from '../toolchain/debian.mjs';

/** @typedef {import('./step.mjs').Step} Step */

/** @type {Step} */
export const install = {
  name: 'install',
  async run(work) {
    removeExampleInstall();
    await work.pnpm(['install', '--frozen-lockfile', '--reporter=append-only']);
  },
};

/** @type {Step} */
export const chromium = {
  name: 'chromium',
  // Where Debian has no package for us, Playwright downloads one, and must be installed first.
  needs: whyNoDebianPackages() ? ['install'] : [],
  async run(work) {
    work.env.AKIN_CHROMIUM = await ensureChromium(work.log);
  },
};

/** @type {Step} */
export const build = {
  name: 'build',
  needs: ['install'],
  run: (work) => work.pnpm(['-r', '--filter', './packages/*', 'run', 'build']),
};

/** @type {Step} */
export const examples = {
  name: 'examples',
  needs: ['build'],
  run: (work) => work.pnpm(['-r', '--filter', './examples/*', 'run', 'build']),
};
