import { expect, test, vi } from 'vitest';
import { checkFilter } from '../../src/worker/filter.ts';
import type { Column } from '../../src/worker/column.ts';
import * as columnModule from '../../src/worker/column.ts';
import { countBits, createColumns } from '../../src/worker/columns.ts';

vi.mock('../../src/worker/column.ts', { spy: true });

test('values that documents had once are forgotten, however often they change', () => {
  const made = vi.mocked(columnModule.createColumn);
  const columns = createColumns();
  const filter = checkFilter({ at: { gte: 99_990 } });
  if (!filter) throw new Error('There is no filter.');
  columns.keep(filter);
  const SLOTS = 10;
  for (let change = 0; change < 100_000; change++) columns.learn(change % SLOTS, { at: change });

  const { values } = made.mock.results.at(-1)?.value as Column;
  expect(values.length).toBeLessThan(2_000);
  // Seldom, because each time all that is known is written anew.
  expect(made.mock.calls.length).toBeLessThan(200);
  expect(countBits(columns.select(filter, Uint32Array.of(2 ** SLOTS - 1)))).toBe(SLOTS);
});
