/** Says to other tabs that the log has grown. A hint: nothing depends on it arriving. */
export interface Channel {
  tell(revision: number): void;
  close(): void;
}

export function createChannel(
  indexName: string,
  onRevision: (revision: number) => void,
): Channel | null {
  if (typeof BroadcastChannel === 'undefined') return null;
  const channel = new BroadcastChannel(`akin/${indexName}`);
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const revision = (data as { revision?: unknown } | null)?.revision;
    if (typeof revision === 'number') onRevision(revision);
  });
  return {
    tell: (revision) => channel.postMessage({ index: indexName, revision }),
    close: () => channel.close(),
  };
}
