import type { ChatTurn, StoredDocument, TurnMetadata, VectorIndex } from '@akin/react';
import { namespace } from './memory-scope.ts';
import { endOfThread, startOfThread } from './thread-id.ts';

export interface Turn extends ChatTurn {
  readonly createdAt: number;
}

export interface Thread {
  readonly id: string;
  /** What its first turn says. */
  readonly title: string;
}

const pageSize = 200;

/** A conversation, oldest turn first. */
export async function listTurns(
  index: VectorIndex<TurnMetadata>,
  threadId: string,
): Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  let after = startOfThread(threadId);
  for (;;) {
    const page = await index.list({ namespace, after, limit: pageSize });
    const own = page.filter(({ metadata }) => metadata.threadId === threadId);
    turns.push(...own.map(documentToTurn));
    if (own.length < pageSize) return turns;
    after = own.at(-1)?.id ?? after;
  }
}

/** All conversations, newest first. Reads one turn of each. */
export async function listThreads(index: VectorIndex<TurnMetadata>): Promise<readonly Thread[]> {
  const threads: Thread[] = [];
  let after: string | undefined;
  for (;;) {
    const [first] = await index.list({ namespace, after, limit: 1 });
    if (first === undefined) return threads.reverse();
    const { threadId } = first.metadata;
    threads.push({ id: threadId, title: first.text ?? '' });
    after = endOfThread(threadId);
  }
}

function documentToTurn({ id, text = '', metadata }: StoredDocument<TurnMetadata>): Turn {
  return { id, text, role: metadata.role, createdAt: metadata.createdAt };
}
