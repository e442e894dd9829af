/** `npm run storybook`: installs and builds what is missing, then shows the components in their states. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './process.mjs';
import { removeExampleInstall } from './start/example-workspace.mjs';
import { pnpm } from './toolchain/pnpm.mjs';

const steps = [['install', '--frozen-lockfile']];
if (
  !['engine', 'react', 'minilm'].every((name) => existsSync(join(root, 'packages', name, 'dist')))
) {
  steps.push(['-r', '--filter', './packages/*', 'run', 'build']);
}
steps.push(['exec', 'storybook', 'dev', '--port', '6006', '--no-open', ...process.argv.slice(2)]);

removeExampleInstall();
for (const step of steps) {
  const code = await pnpm(step);
  if (code !== 0) process.exit(code);
}
