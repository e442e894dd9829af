import type { Key, KeyRange } from '../driver.ts';
import { compareKeys, isInRange } from '../keys.ts';
import type { DocumentKey } from '../schema.ts';

/**
 * The documents of one namespace in the order of their ids, as the table was in one state: hashed, they
 * are stored in another. Kept from one page of a list to the next, and through writes of this tab.
 */
export interface OrderedNames {
  /** Those in a range, or `null` when they are not known. */
  find(namespace: string, range: KeyRange): DocumentKey[] | null;
  /** The state of the table that {@link find} answers for. */
  readonly version: unknown;
  /** @param unreadable what stands in for names that are damaged: after all others */
  learn(
    namespace: string,
    version: unknown,
    readable: readonly DocumentKey[],
    unreadable: readonly DocumentKey[],
  ): void;
  /** This tab made one state into another by writing. */
  follow(before: unknown, after: unknown, changes: readonly Change<Key>[]): void;
}

/** `row: null`: it was removed. */
interface Change<K> {
  readonly key: K;
  readonly row: object | null;
}

export function createOrderedNames(): OrderedNames {
  let known: {
    readonly namespace: string;
    version: unknown;
    /** In order. */
    readonly readable: DocumentKey[];
    readonly unreadable: readonly DocumentKey[];
  } | null = null;

  return {
    get version() {
      return known?.version;
    },
    find(namespace, range) {
      if (known?.namespace !== namespace) return null;
      const { readable, unreadable } = known;
      const found = readable.filter((key) => isInRange(key, range));
      if (range.above === undefined) found.push(...unreadable);
      return range.limit === undefined ? found : found.slice(0, range.limit);
    },
    learn(namespace, version, readable, unreadable) {
      known = { namespace, version, readable: [...readable].sort(compareKeys), unreadable };
    },
    follow(before, after, changes) {
      if (known?.version !== before) known = null;
      if (!known) return;
      const { namespace, readable, unreadable } = known;
      known.version = after;
      for (const { key, row } of changes as readonly Change<DocumentKey>[]) {
        const at = firstFrom(readable, key);
        const found = readable[at];
        const isThere = found !== undefined && compareKeys(found, key) === 0;
        // It may be one that is unreadable, which is gone now or has its name again.
        if (!isThere && unreadable.length > 0) known = null;
        if (key[0] === namespace) readable.splice(at, Number(isThere), ...(row ? [key] : []));
      }
    },
  };
}

/** The place of the first key that is not below another: a write is not to look at all of them. */
function firstFrom(sorted: readonly DocumentKey[], key: DocumentKey): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(sorted[middle] ?? key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
