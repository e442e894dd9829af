import type { DocumentId } from '../core/types.ts';
import { countBits, forEachBit } from './columns.ts';
import type { Replica } from './replica.ts';

/** One document for each share of the way through the slots of a namespace, each of them once. */
export function pickDocuments(
  { slots }: Replica,
  namespace: string,
  shares: readonly number[],
): DocumentId[] {
  const bits = slots.bits(namespace);
  const count = countBits(bits);
  const wanted = new Set(shares.map((share) => Math.min(count - 1, Math.floor(share * count))));
  const picked: DocumentId[] = [];
  let at = 0;
  forEachBit(bits, (slot) => {
    const entry = wanted.has(at++) ? slots.entry(slot) : undefined;
    if (entry) picked.push(entry.id);
  });
  return picked;
}
