/** What owner and mirror say to one another. */
import type { Metric } from './types.ts';

/** What the mirror needs to know of the index. */
export interface MirrorOptions {
  dimensions: number;
  metric: Metric;
  m: number;
  efConstruction: number;
  seed: number;
}

/** From the owner: begin a build, take over what changed and link what is asked for, end it. */
export type ToMirror =
  | { akinMirror: 'begin'; build: number; options: MirrorOptions }
  | { akinMirror: 'round'; build: number; changes: Uint8Array<ArrayBuffer> }
  | { akinMirror: 'end'; build: number };

/**
 * From the mirror: it listens from now on, it has begun a build, the rows that it changed in a
 * round, what it failed with.
 */
export type ToOwner =
  | { akinMirror: 'listening' }
  | { akinMirror: 'ready'; build: number }
  | { akinMirror: 'linked'; build: number; rows: Uint8Array<ArrayBuffer> }
  | { akinMirror: 'failed'; build: number; reason: string };

/** A message of a mirror or an owner; all else on the port is others' business. */
export function messageOf<Message>(event: Event): Message | undefined {
  const { data } = event as MessageEvent<unknown>;
  const isOurs = typeof data === 'object' && data !== null && 'akinMirror' in data;
  return isOurs ? (data as Message) : undefined;
}
