/**
 * One end of a connection: a `Worker`, a `MessagePort`, the global scope of a worker, or in Node a
 * `MessagePort` of `node:worker_threads`.
 */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
  removeEventListener(type: string, listener: (event: Event) => void): void;
  /** Ports want to be started; workers have none. */
  start?(): void;
}
