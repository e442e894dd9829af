import { Fragment } from 'react';
import { Composer } from './composer.tsx';
import type { Exchange } from './exchange.ts';
import { Failure } from './failure.tsx';
import { Message } from './message.tsx';
import { Recalled } from './recalled.tsx';
import { useConversation } from './use-conversation.ts';
import { useStickToEnd } from './use-stick-to-end.ts';
import { Welcome } from './welcome.tsx';

export function Conversation({ threadId }: { readonly threadId: string }) {
  const { turns, exchanges, isLoading, send, retry, stop } = useConversation(threadId);
  const running = exchanges.find(({ state }) => state === 'running');
  const end = useStickToEnd(turns.length + exchanges.length);

  const isEmpty = !isLoading && turns.length === 0 && exchanges.length === 0;
  const exchangeOf = new Map(exchanges.map((exchange) => [exchange.question.id, exchange]));
  const notes = (exchange: Exchange) => (
    <>
      {exchange.isRemembered && (
        <Recalled exchange={exchange} since={idsFrom(exchange.question.id)} />
      )}
      <Failure exchange={exchange} onRetry={() => void retry(exchange)} />
    </>
  );
  const idsFrom = (first: string) => [
    first,
    ...turns.map(({ id }) => id).filter((id) => id > first),
  ];

  return (
    <main className="conversation">
      {isEmpty && <Welcome onAsk={(question) => void send(question)} />}
      {/* A log announces what is added to it: only what is finished enters it. */}
      <div role="log" aria-label="Conversation">
        {turns.map((turn) => {
          const exchange = exchangeOf.get(turn.id);
          if (exchange === undefined) return <Message key={turn.id} turn={turn} />;
          if (exchange === running) return null;
          return (
            <Fragment key={turn.id}>
              <Message turn={turn} />
              {notes(exchange)}
            </Fragment>
          );
        })}
        {exchanges
          .filter(({ isRemembered, state }) => !isRemembered && state === 'failed')
          .map((exchange) => (
            <Fragment key={exchange.question.id}>
              <Message turn={exchange.question} />
              {notes(exchange)}
            </Fragment>
          ))}
      </div>
      {running !== undefined && (
        <div className="running" aria-busy="true">
          <Message turn={running.question} />
          {notes(running)}
          {running.answer !== '' && <p className="text">{running.answer}</p>}
        </div>
      )}
      <Composer
        isAnswering={running !== undefined}
        onSend={(text) => void send(text)}
        onStop={stop}
      />
      <div ref={end} />
    </main>
  );
}
