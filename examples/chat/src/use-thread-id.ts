import { useSyncExternalStore } from 'react';
import { createThreadId } from './thread-id.ts';

/** The conversation on screen is in the address: reload, bookmark and the back button work. */
export function useThreadId(): string {
  return useSyncExternalStore(subscribe, readThreadId);
}

export function openThread(threadId: string): void {
  location.hash = threadId;
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

let fallback: string | undefined;

function readThreadId(): string {
  return location.hash.slice(1) || (fallback ??= createThreadId());
}
