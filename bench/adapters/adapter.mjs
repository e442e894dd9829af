/**
 * What the benchmark asks of a library. One file each in this folder implements it, with nothing
 * but the library's public API and, where a comment says so, what its users cannot do either.
 *
 * Every adapter runs alone: in a dedicated worker of a cross-origin isolated page, or for native
 * libraries in a process of its own. A session builds once. Vectors are of unit length, row after
 * row; a library may be told any metric that orders such vectors by their cosine.
 *
 * @typedef {object} Adapter
 * @property {string} version of the library
 * @property {string[]} modes ways of searching one and the same index; most have one
 * @property {Ways} [ways] of keeping an index; without it nothing is saved
 * @property {(set: Shape) => Params[]} grid of build parameters to try
 * @property {(mode: string, set: Shape, build: Params) => Params[]} sweep of search parameters,
 *   from fast to exact
 * @property {() => Promise<void>} load the library, not its data
 * @property {(vectors: Float32Array, set: Shape, build: Params) => void | Promise<void>} build
 * @property {(mode: string, params: Params) => void | Promise<void>} configure before queries with
 *   these parameters, untimed
 * @property {(query: Float32Array) => any} [asQuery] the query in the form that the library takes,
 *   untimed; without it, it is passed as it is
 * @property {(query: any, k: number) => any} search timed, with the promise if it gives one
 * @property {(found: any) => ArrayLike<number>} rows of a search's result, nearest first; untimed
 * @property {() => number} memoryBytes what the index takes: WASM memory, or what is closest to it
 * @property {() => number} [evaluations] distances computed so far
 * @property {(query: any, k: number, filter: Uint32Array, exact?: boolean) => any} [searchFiltered]
 *   with a bitmap over rows; exact: compares with every match
 * @property {(way: string) => Promise<Saved>} [save] timed; what cannot be saved throws
 * @property {(way: string, saved: Saved['payload'], set: Shape, build: Params) => Promise<void>}
 *   [open] timed together with the first search, in a session that has built nothing
 * @property {(vectors: Float32Array, set: Shape, build: Params) => Promise<void>}
 *   [buildOnTwoWorkers] as `build`, with a second worker's help
 * @property {boolean} [capacityHint] whether `capacity: false` among the parameters of a build keeps
 *   from the library how many vectors will come, which it is told otherwise
 * @property {() => void} free
 *
 * @typedef {Record<string, number | boolean | string | undefined>} Params
 * @typedef {{ dimensions: number, count: number, quick: boolean }} Shape
 * @typedef {Record<string, string>} Ways from a short name to what it means, for the report
 * @typedef {{ bytes: number, payload?: Uint8Array | string | Blob }} Saved
 */

/** Nodes kept while searching: the one list that every graph is swept over. */
export const efValues = [
  10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384,
  512, 768,
];

/** Up to so many vectors, few links may be enough, and nobody waits long for two more builds. */
export const FEW = 20_000;

/** Builds that every graph is tried with as well, where there are few vectors. */
export const fewLinks = [
  { m: 8, efConstruction: 40 },
  { m: 10, efConstruction: 40 },
];

/**
 * Build parameters that every graph is tried with. The first builds fast, the last finds more.
 * @param {Shape} set
 * @returns {{ m: number, efConstruction: number }[]}
 */
export function graphGrid({ quick, count }) {
  const all = [
    ...(count <= FEW && !quick ? fewLinks : []),
    { m: 12, efConstruction: 40 },
    { m: 12, efConstruction: 100 },
    { m: 16, efConstruction: 200 },
  ];
  return quick ? all.slice(1, 2) : all;
}
