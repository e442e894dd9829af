/**
 * Ids sort by time: conversations by their first turn, turns within their conversation. The
 * index lists documents in id order, so no other list of turns or conversations is kept.
 */
export function createThreadId(time = Date.now()): string {
  return time.toString(36).padStart(9, '0');
}

const separator = '/';

export function createTurnId(threadId: string, time = Date.now()): string {
  return `${threadId}${separator}${time.toString(36).padStart(9, '0')}`;
}

/** For `list({ after })`: right before the first turn of a conversation. */
export function startOfThread(threadId: string): string {
  return `${threadId}${separator}`;
}

/** For `list({ after })`: right after its last turn. */
export function endOfThread(threadId: string): string {
  return `${threadId}${separator}\uffff`;
}
