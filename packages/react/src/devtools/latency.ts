/** Upper ends of the buckets in milliseconds. The last bucket has none. */
export const BUCKET_ENDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500] as const;

/** How long searches took. */
export interface Latency {
  /** How many there were. */
  readonly count: number;
  /** Half of all were this fast, and 95 of 100; `null` while there are none. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  /** How many fell into each bucket: one more than there are ends. */
  readonly buckets: readonly number[];
}

export function latencyOf(samplesMs: readonly number[]): Latency {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  const buckets = new Array<number>(BUCKET_ENDS_MS.length + 1).fill(0);
  for (const ms of sorted) {
    const at = BUCKET_ENDS_MS.findIndex((end) => ms < end);
    const bucket = at === -1 ? BUCKET_ENDS_MS.length : at;
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  return {
    count: sorted.length,
    medianMs: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    buckets,
  };
}

/** The nearest rank: always one that was measured. */
function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
