import type { RecalledItem } from '../../memory/types.ts';
import type { ForgottenItem } from './use-forgetting.ts';

/** One row of the list: a turn that is remembered, or one on its way out in its old place. */
export interface RecalledRow {
  readonly item: RecalledItem;
  /**
   * `remembered`, or how far forgetting is: `forgetting` and `restoring` are under way, `forgotten` can be
   * undone, `restored` was, `kept` could not be forgotten, `lost` could not be brought back.
   */
  readonly phase: 'remembered' | ForgottenItem['phase'];
}

/** What was recalled, with the forgotten ones where they stood: nothing moves by forgetting. */
export function recalledRows(
  recalled: readonly RecalledItem[],
  forgotten: readonly ForgottenItem[],
): readonly RecalledRow[] {
  const shown = forgotten.filter(
    ({ item, phase }) => phase !== 'restored' || !recalled.some(({ id }) => id === item.id),
  );
  const leaving = new Set(shown.map(({ item }) => item.id));
  const rows: RecalledRow[] = recalled
    .filter(({ id }) => !leaving.has(id))
    .map((item) => ({ item, phase: 'remembered' }));
  for (const { item, position, phase } of [...shown].sort((a, b) => a.position - b.position)) {
    rows.splice(Math.min(position, rows.length), 0, { item, phase });
  }
  return rows;
}
