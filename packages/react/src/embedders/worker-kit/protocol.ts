import type { WireError } from '../../core/errors.ts';
import type { EmbedOptions } from '../../core/types.ts';

export type Purpose = EmbedOptions['purpose'];

export interface WireText {
  readonly id: number;
  readonly text: string;
}

export type WireResult =
  | { readonly id: number; readonly vector: Float32Array<ArrayBuffer>; readonly truncated: boolean }
  | { readonly id: number; readonly error: WireError };

/** What the page says. Nothing is sent before the worker's `started`. */
export type ToWorker =
  | { readonly type: 'load'; readonly init: unknown }
  | { readonly type: 'embed'; readonly purpose: Purpose; readonly texts: readonly WireText[] }
  | { readonly type: 'cancel'; readonly ids: readonly number[] };

/** What the worker says. Every message is a sign of life. */
export type FromWorker =
  /** The script ran and listens. */
  | { readonly type: 'started' }
  | { readonly type: 'progress'; readonly loadedBytes: number; readonly totalBytes: number | null }
  | { readonly type: 'ready' }
  | { readonly type: 'load-failed'; readonly error: WireError }
  | { readonly type: 'results'; readonly results: readonly WireResult[] }
  /** The model cannot be used any more: the worker has to be replaced. */
  | { readonly type: 'broken'; readonly error: WireError };

const typesFromWorker: readonly string[] = [
  'started',
  'progress',
  'ready',
  'load-failed',
  'results',
  'broken',
] satisfies FromWorker['type'][];

const typesToWorker: readonly string[] = ['load', 'embed', 'cancel'] satisfies ToWorker['type'][];

/** Libraries inside a worker post messages of their own: those are not ours. */
export function isFromWorker(data: unknown): data is FromWorker {
  return hasType(data) && typesFromWorker.includes(data.type);
}

export function isToWorker(data: unknown): data is ToWorker {
  return hasType(data) && typesToWorker.includes(data.type);
}

function hasType(data: unknown): data is { type: string } {
  return (
    typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string'
  );
}
