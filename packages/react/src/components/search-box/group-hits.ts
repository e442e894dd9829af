import type { SearchHit } from '../../core/types.ts';
import type { HitGroup } from './context.ts';

/** Hits by group. Groups stand in the order of their best hit, hits within one in their own. */
export function groupHits(
  hits: readonly SearchHit[],
  groupOf: (hit: SearchHit) => string,
): readonly HitGroup[] {
  const groups = new Map<string, SearchHit[]>();
  for (const hit of hits) {
    const name = groupOf(hit);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [hit]);
    else group.push(hit);
  }
  return [...groups].map(([value, items]) => ({ value, items }));
}
