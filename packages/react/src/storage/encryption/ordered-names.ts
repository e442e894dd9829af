import type { Key, KeyRange } from '../driver.ts';
import { compareKeys, isInRange, keyText } from '../keys.ts';
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
  follow(before: unknown, after: unknown, put: readonly Key[], removed: readonly Key[]): void;
}

export function createOrderedNames(): OrderedNames {
  let known: {
    readonly namespace: string;
    version: unknown;
    readable: readonly DocumentKey[];
    unreadable: readonly DocumentKey[];
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
    follow(before, after, put, removed) {
      if (!known) return;
      if (known.version !== before) {
        known = null;
        return;
      }
      const { namespace } = known;
      const gone = new Set(removed.map(keyText));
      const there = new Set(known.readable.map(keyText));
      const added = (put as DocumentKey[]).filter(
        (key) => key[0] === namespace && !there.has(keyText(key)),
      );
      const isLeft = (key: DocumentKey) => !gone.has(keyText(key));
      // One that was unreadable may have been put over, and then has its name again.
      if (added.length > 0 && known.unreadable.length > 0) {
        known = null;
        return;
      }
      known.readable = [...known.readable.filter(isLeft), ...added];
      if (added.length > 0) known.readable = [...known.readable].sort(compareKeys);
      known.unreadable = known.unreadable.filter(isLeft);
      known.version = after;
    },
  };
}
