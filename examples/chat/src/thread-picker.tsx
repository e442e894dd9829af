import { openThread } from './use-thread-id.ts';
import { useThreads } from './use-turns.ts';

/** A conversation is listed from its first turn on. */
export function ThreadPicker({ threadId }: { readonly threadId: string }) {
  const { data: threads = [] } = useThreads();
  const isNew = !threads.some(({ id }) => id === threadId);
  return (
    <select
      aria-label="Conversation"
      value={threadId}
      onChange={(event) => openThread(event.target.value)}
    >
      {isNew && <option value={threadId}>New conversation</option>}
      {threads.map(({ id, title }) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </select>
  );
}
