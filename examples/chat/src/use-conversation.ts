import { isVectorIndexError, useChatMemory } from '@akin/react';
import { useEffect, useRef, useState } from 'react';
import { AnswerError } from './answer-error.ts';
import { answer } from './answer.ts';
import { useEndpoint } from './endpoint.ts';
import type { Exchange } from './exchange.ts';
import { namespace } from './memory-scope.ts';
import { toPrompt } from './prompt.ts';
import { createTurnId } from './thread-id.ts';
import type { Turn } from './turns.ts';
import { useTurns } from './use-turns.ts';

/** How much of the conversation the model sees as it is. Older turns come back by recall. */
const recentTurns = 12;

export const recalledTurns = 5;

/** A conversation with memory: recall for the question, remember it, answer, remember the answer. */
export function useConversation(threadId: string) {
  const { memory, remember } = useChatMemory({ namespace, threadId });
  const { data: turns = [], isPending, refetch: refetchTurns } = useTurns(threadId);
  const endpoint = useEndpoint();
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function ask(question: Turn) {
    const controller = new AbortController();
    const { signal } = controller;
    running.current = controller;
    const recent = turns.filter(({ id }) => id !== question.id).slice(-recentTurns);
    let exchange: Exchange = {
      question,
      seen: endpoint === null ? [] : recent.map(({ id }) => id),
      isRemembered: false,
      state: 'running',
      answer: '',
      error: null,
    };
    const update = (change: Partial<Exchange>) => {
      exchange = { ...exchange, ...change };
      setExchanges((all) => [...all.filter((one) => one.question.id !== question.id), exchange]);
    };
    const keep = async (turn: Turn) => {
      await remember.mutateAsync(turn);
      await refetchTurns();
    };

    update({});
    try {
      const exclude = [question.id, ...exchange.seen];
      const recalled =
        endpoint === null
          ? []
          : await memory.recall(question.text, { k: recalledTurns, exclude, signal });
      await keep(question);
      update({ isRemembered: true });
      if (endpoint === null) {
        update({ state: 'recalled' });
        return;
      }
      const text = await answer(endpoint, toPrompt({ question, recent, recalled }), {
        signal,
        onText: (soFar) => update({ answer: soFar }),
      });
      await keep(createTurn(threadId, 'assistant', text));
      update({ state: 'answered', answer: text });
    } catch (error) {
      if (!(error instanceof AnswerError || isVectorIndexError(error))) throw error;
      update({ state: 'failed', error });
    }
  }

  return {
    turns,
    exchanges,
    isLoading: isPending,
    send: (text: string) => ask(createTurn(threadId, 'user', text)),
    retry: (exchange: Exchange) => void ask(exchange.question),
    stop: () => running.current?.abort(),
  };
}

function createTurn(threadId: string, role: 'user' | 'assistant', text: string): Turn {
  const createdAt = Date.now();
  return { id: createTurnId(threadId, createdAt), role, text, createdAt };
}
