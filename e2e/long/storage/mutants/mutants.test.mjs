/** Do the suites notice bugs? Each is put into a copy of the sources, and the suites must fail there. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../../../../scripts/process.mjs';
import { mutants, mutated } from './mutants.mjs';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
// Not below node_modules, whose files are taken for finished JavaScript.
const copy = join(root, 'target', 'mutants');

before(() => {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(join(copy, 'packages', 'react'), { recursive: true });
  for (const name of ['src', 'tests', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, 'packages/react', name), join(copy, 'packages/react', name), {
      recursive: true,
    });
  }
  symlinkSync(join(root, 'packages/react/node_modules'), join(copy, 'packages/react/node_modules'));
  symlinkSync(join(root, 'packages/engine'), join(copy, 'packages/engine'));
  cpSync(join(root, 'tsconfig.base.json'), join(copy, 'tsconfig.base.json'));
  writeFileSync(
    join(copy, 'vitest.config.ts'),
    `export default { test: { environment: 'node', include: ['packages/react/tests/storage/**/*.test.ts'], exclude: ['**/*.browser.test.ts'] } };\n`,
  );
});
after(() => rmSync(copy, { recursive: true, force: true }));

/**
 * Runs the suites on the copy.
 * @returns {Promise<string | null>} the test that failed, or `null` when all have passed
 */
async function firstFailure() {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  let output = '';
  const status = await run(process.execPath, [vitest, 'run', '--root', copy, '--bail', '1'], {
    env: { NO_COLOR: '1', AKIN_SEED: undefined, AKIN_LONG: undefined },
    timeoutMs: 900_000,
    onOutput(text) {
      output += text;
    },
  });
  // A copy that cannot even be loaded would fail too, and tell nothing.
  assert.match(output, /Tests .*\d+ (passed|failed)/, output.slice(-2_000));
  if (status === 0) return null;
  const failed = /^ *FAIL +(.+)$/m.exec(output)?.[1];
  assert.ok(failed, output.slice(-2_000));
  return failed;
}

test('the sources as they are', async () => assert.equal(await firstFailure(), null));

for (const mutant of mutants) {
  test(mutant.name, async (t) => {
    const path = join(copy, mutant.file);
    const source = readFileSync(path, 'utf8');
    writeFileSync(path, mutated(source, mutant));
    try {
      const failure = await firstFailure();
      assert.ok(failure, 'the suites notice it');
      t.diagnostic(failure);
    } finally {
      writeFileSync(path, source);
    }
  });
}
