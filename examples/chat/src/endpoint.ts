import { useSyncExternalStore } from 'react';

/** Where answers come from: anything that speaks the OpenAI chat protocol. */
export interface Endpoint {
  /** Base address, for example `http://localhost:11434/v1`. */
  readonly url: string;
  readonly model: string;
  /** May be empty: local servers rarely want one. */
  readonly key: string;
}

const storageKey = 'chat-endpoint';
const listeners = new Set<() => void>();

let current = read();

/** Kept in `sessionStorage`: it survives a reload and is gone when the tab closes. */
export function setEndpoint(endpoint: Endpoint | null): void {
  current = endpoint;
  try {
    if (endpoint === null) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, JSON.stringify(endpoint));
  } catch {
    // Storage is blocked: the endpoint lasts until the next reload.
  }
  for (const listener of listeners) listener();
}

export function useEndpoint(): Endpoint | null {
  return useSyncExternalStore(subscribe, () => current);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Endpoint | null {
  try {
    const stored = sessionStorage.getItem(storageKey);
    return stored === null ? null : (JSON.parse(stored) as Endpoint);
  } catch {
    return null;
  }
}
