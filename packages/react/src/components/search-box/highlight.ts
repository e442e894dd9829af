import type { SearchHit } from '../../core/types.ts';

/** What the list holds: the app's suggestions while nothing is asked, hits otherwise. */
export type ListEntry = string | SearchHit;

/** What is highlighted in the list. */
export interface Highlight {
  readonly entry: ListEntry;
  /** `none`: nobody pointed at it, it is highlighted because it comes first. */
  readonly reason: 'keyboard' | 'pointer' | 'none';
  /** The text that the list answered. */
  readonly query: string;
  /** When another hit took the place of the one that was pointed at; 0 if none did. */
  readonly replacedAtMs: number;
}

/** Long enough to see that something else stands there now. */
const noticeMs = 400;

/** The highlight after the list said that `entry` is highlighted. */
export function nextHighlight(
  before: Highlight | null,
  entry: ListEntry,
  reason: Highlight['reason'],
  query: string,
): Highlight {
  const wasPointedAt = before !== null && before.reason !== 'none' && before.query === query;
  if (reason !== 'none' || !wasPointedAt || keyOf(before.entry) === keyOf(entry)) {
    return { entry, reason, query, replacedAtMs: 0 };
  }
  // A live result moved in under the same question: the highlight stays in place, the hit does not.
  return { entry, reason: before.reason, query, replacedAtMs: performance.now() };
}

/** Whether the highlighted hit has only just come, so that a key press was meant for another. */
export function isUnnoticed({ replacedAtMs }: Highlight): boolean {
  return replacedAtMs > 0 && performance.now() - replacedAtMs < noticeMs;
}

function keyOf(entry: ListEntry): string {
  return typeof entry === 'string' ? entry : `${entry.namespace}/${entry.id}`;
}
