export const DIMENSIONS = 4;
export const NAMESPACES = ['a', 'b'] as const;

export interface Document {
  readonly namespace: string;
  readonly id: string;
  readonly text: string;
  readonly version: number;
}

/** What is done to an index, in order, each by one of two tabs. */
export type Action =
  | {
      readonly kind: 'put';
      readonly tab: number;
      readonly opId: string;
      readonly documents: readonly Document[];
    }
  | {
      readonly kind: 'remove' | 'purge';
      readonly tab: number;
      readonly opId: string;
      readonly namespace: string;
      /** `null`: the whole namespace. */
      readonly ids: readonly string[] | null;
    }
  | { readonly kind: 'snapshot' | 'search' | 'reopen'; readonly tab: number };

/** What an embedder would give: the same for the same text. */
export function vectorOf({ text }: Pick<Document, 'text'>): Float32Array<ArrayBuffer> {
  let seed = 7;
  for (const letter of text) seed = Math.imul(seed, 31) + letter.charCodeAt(0);
  const random = createRandom(seed);
  return Float32Array.from({ length: DIMENSIONS }, () => random(2_001) / 1_000 - 1);
}

/** A seeded generator: the same numbers for the same seed. */
export function createRandom(seed: number): (below: number) => number {
  let state = (seed + 1) | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export function createWorkload(seed: number, length: number): Action[] {
  const random = createRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  let version = 0;
  const someIds = (most: number) => [
    ...new Set(Array.from({ length: 1 + random(most) }, () => `d${random(12)}`)),
  ];

  return Array.from({ length }, (): Action => {
    const tab = random(2);
    const opId = `${seed}-${version++}`;
    const namespace = pick(NAMESPACES);
    switch (random(10)) {
      case 0:
      case 1:
        return { kind: 'remove', tab, opId, namespace, ids: someIds(4) };
      case 2:
        return {
          kind: random(2) === 0 ? 'purge' : 'remove',
          tab,
          opId,
          namespace,
          ids: random(3) === 0 ? null : someIds(1),
        };
      case 3:
      case 4:
        return { kind: 'snapshot', tab };
      case 5:
        return { kind: random(2) === 0 ? 'search' : 'reopen', tab };
      default:
        return {
          kind: 'put',
          tab,
          opId,
          documents: someIds(5).map((id) => ({
            namespace,
            id,
            // Sometimes the text that is there already.
            text: `${id} says ${random(3)}`,
            version,
          })),
        };
    }
  });
}
