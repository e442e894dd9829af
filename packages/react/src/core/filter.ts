type AnyMetadata = Record<string, unknown>;

/** What metadata can be compared with. Dates compare with dates only, numbers with numbers, and so on. */
export type FilterValue = string | number | boolean | Date | null;

/** Of an array its elements. */
type ElementOf<V> = V extends readonly (infer E)[] ? E : V;
type ValueOf<V> = unknown extends V
  ? FilterValue
  : Extract<ElementOf<NonNullable<V>>, FilterValue> | Extract<V, null>;
type RangedOf<V> = Extract<ValueOf<V>, string | number | Date>;

/** All of what is given must hold, for an array of one and the same of its elements. */
export interface FieldOperators<V = unknown> {
  /** Equal to. The same as the value itself in the place of operators. */
  readonly eq?: ValueOf<V>;
  /** Equal to one of these; of none, if there are none. */
  readonly in?: readonly ValueOf<V>[];
  /** Greater than; strings by their UTF-16 units. */
  readonly gt?: RangedOf<V>;
  /** Greater than, or equal to. */
  readonly gte?: RangedOf<V>;
  /** Less than. */
  readonly lt?: RangedOf<V>;
  /** Less than, or equal to. */
  readonly lte?: RangedOf<V>;
  /** Whether the field is there at all, whatever it holds. `null` is something. */
  readonly exists?: boolean;
}

type Fields<M extends AnyMetadata> = {
  readonly [K in keyof M]?: ValueOf<M[K]> | FieldOperators<M[K]>;
};

/**
 * Which documents a search, a listing or a count is about, by their metadata:
 *
 * - `{ kind: 'note', year: { gte: 2020 } }`: all fields as said; of an array at least one element
 * - `{ and: […] }`, `{ or: […] }`, `{ not: … }` of filters; fields with these names cannot be asked for
 *
 * A field that is not there matches nothing but `{ exists: false }`.
 */
export type Filter<M extends AnyMetadata = AnyMetadata> =
  | (Fields<M> & { readonly and?: never; readonly or?: never; readonly not?: never })
  | { readonly and: readonly Filter<M>[] }
  | { readonly or: readonly Filter<M>[] }
  | { readonly not: Filter<M> };
