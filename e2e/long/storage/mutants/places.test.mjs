/** Every bug still has its place in the sources, which change more often than the suites run on them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mutants, mutated } from './mutants.mjs';

const root = new URL('../../../../', import.meta.url);

for (const mutant of mutants) {
  test(mutant.name, () => {
    const source = readFileSync(new URL(mutant.file, root), 'utf8');
    assert.notEqual(mutated(source, mutant), source);
  });
}
