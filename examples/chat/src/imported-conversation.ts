import type { ChatRole } from '@akin/react';
import { createThreadId, createTurnId } from './thread-id.ts';
import type { Turn } from './turns.ts';

export interface ImportedConversation {
  readonly threadId: string;
  readonly turns: readonly Turn[];
  /** What the file suggests to ask. */
  readonly questions: readonly string[];
}

const roles: readonly unknown[] = ['user', 'assistant', 'system', 'tool'] satisfies ChatRole[];

/**
 * Reads `{ "turns": [{ "role", "text", "createdAt"? }] }`, or the list alone. Ids come from the
 * times, so a file that has them can be imported again: its turns are replaced, not doubled.
 *
 * @throws Error that says what is wrong with the file.
 */
export function parseConversation(json: string): ImportedConversation {
  const parsed = parseJson(json);
  const list: unknown = Array.isArray(parsed) ? parsed : propertyOf(parsed, 'turns');
  if (!Array.isArray(list) || list.length === 0) {
    throw new Error('The file holds no turns: expected { "turns": [{ "role", "text" }] }.');
  }
  let time = 0;
  const read = list.map((entry: unknown, at) => {
    const role = propertyOf(entry, 'role');
    const text = propertyOf(entry, 'text');
    if (!roles.includes(role) || typeof text !== 'string') {
      throw new Error(`Turn ${at + 1} has no "text", or a "role" that is not known.`);
    }
    // Strictly rising, because ids are made of it.
    time = Math.max(timeOf(propertyOf(entry, 'createdAt')) ?? (time || Date.now()), time + 1);
    return { role: role as ChatRole, text, createdAt: time };
  });
  const threadId = createThreadId(read[0]?.createdAt);
  return {
    threadId,
    turns: read.map((turn) => ({ ...turn, id: createTurnId(threadId, turn.createdAt) })),
    questions: questionsOf(propertyOf(parsed, 'questions')),
  };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new Error('The file is not JSON.');
  }
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' || typeof value === 'number' ? +new Date(value) : NaN;
  return Number.isFinite(time) && time > 0 ? time : undefined;
}

function questionsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
