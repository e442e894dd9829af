import type { Exchange } from './exchange.ts';
import { Failure } from './failure.tsx';
import { Recalled } from './recalled.tsx';
import type { Turn } from './turns.ts';

interface ExchangeNotesProps {
  /** Absent for turns of earlier visits. */
  readonly exchange: Exchange | undefined;
  readonly turns: readonly Turn[];
  readonly onRetry: (exchange: Exchange) => void;
}

/** What stands under a question: what was recalled for it, and why there is no answer. */
export function ExchangeNotes({ exchange, turns, onRetry }: ExchangeNotesProps) {
  if (exchange === undefined) return null;
  const { id } = exchange.question;
  // They were not there to be recalled.
  const since = [id, ...turns.map((turn) => turn.id).filter((other) => other > id)];
  return (
    <>
      {exchange.isRemembered && <Recalled exchange={exchange} since={since} />}
      <Failure exchange={exchange} onRetry={() => onRetry(exchange)} />
    </>
  );
}
