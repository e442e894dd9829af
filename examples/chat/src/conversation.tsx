import { Composer } from './composer.tsx';
import { ExchangeNotes } from './exchange-notes.tsx';
import { Message } from './message.tsx';
import { useConversation } from './use-conversation.ts';
import { useStickToEnd } from './use-stick-to-end.ts';
import { Welcome } from './welcome.tsx';

export function Conversation({ threadId }: { readonly threadId: string }) {
  const { turns, exchanges, isLoading, send, retry, stop } = useConversation(threadId);
  const running = exchanges.find(({ state }) => state === 'running');
  // Turns are remembered a moment after they were sent; one that could not be stays visible too.
  const unremembered = exchanges.filter(({ isRemembered }) => !isRemembered);
  const shown = [...turns, ...unremembered.map(({ question }) => question)].filter(
    ({ id }) => id !== running?.question.id,
  );
  const exchangeOf = new Map(exchanges.map((exchange) => [exchange.question.id, exchange]));
  const isEmpty = turns.length === 0 && exchanges.length === 0;
  const { content, stick } = useStickToEnd<HTMLElement>(!isEmpty);

  function submit(text: string) {
    stick();
    void send(text);
  }

  return (
    <main className="conversation" ref={content}>
      {isEmpty && !isLoading && <Welcome onAsk={submit} />}
      {/* A log announces what is added to it: only what is finished enters it. */}
      <div role="log" aria-label="Conversation">
        {shown.map((turn) => (
          <Message key={turn.id} turn={turn}>
            <ExchangeNotes exchange={exchangeOf.get(turn.id)} turns={turns} onRetry={retry} />
          </Message>
        ))}
      </div>
      {running !== undefined && (
        <div className="running" aria-busy="true">
          <Message turn={running.question}>
            <ExchangeNotes exchange={running} turns={turns} onRetry={retry} />
          </Message>
          <p className="text">{running.answer}</p>
        </div>
      )}
      <Composer isAnswering={running !== undefined} onSend={submit} onStop={stop} />
    </main>
  );
}
