/** The built declarations, read by the oldest TypeScript that is promised and by newer ones. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { errorsOf, newer, oldest, resolutions, tooOld } from './versions.mjs';

for (const version of [oldest, ...newer]) {
  for (const resolution of resolutions) {
    test(`TypeScript ${version}, ${resolution}`, () => {
      assert.equal(errorsOf(version, resolution), '');
    });
  }
}

test(`TypeScript ${tooOld} is too old`, () => {
  for (const resolution of resolutions) assert.notEqual(errorsOf(tooOld, resolution), '');
});

test('the documents name the oldest', () => {
  const [major, minor] = oldest.split('.');
  for (const path of ['../../../README.md', '../../../packages/react/README.md']) {
    const text = readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
    assert.match(text, new RegExp(`TypeScript ${major}\\.${minor} or newer`), path);
  }
});
