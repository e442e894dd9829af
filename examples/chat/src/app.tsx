import { Conversation } from './conversation.tsx';
import { Header } from './header.tsx';
import { useOffline } from './offline.ts';
import { useThreadId } from './use-thread-id.ts';

export function App() {
  const threadId = useThreadId();
  useOffline();
  return (
    <>
      <Header threadId={threadId} />
      {/* Keyed: nothing of one conversation is carried into another. */}
      <Conversation key={threadId} threadId={threadId} />
    </>
  );
}
