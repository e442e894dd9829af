import { ChatMemory } from '@akin/react/components';
import type { Exchange } from './exchange.ts';
import { namespace } from './memory-scope.ts';
import { recalledTurns } from './use-conversation.ts';

interface RecalledProps {
  readonly exchange: Exchange;
  /** Turns of this conversation from the question on: they were not there to be recalled. */
  readonly since: readonly string[];
}

/** What memory holds about a question, beside the question. */
export function Recalled({ exchange: { question, seen, state }, since }: RecalledProps) {
  const isAllThereIs = state === 'recalled';
  return (
    <div className="recalled">
      {isAllThereIs && <p>No model is connected. This is what I remember:</p>}
      <ChatMemory
        namespace={namespace}
        query={question.text}
        k={recalledTurns}
        exclude={[...seen, ...since]}
        defaultOpen={isAllThereIs}
      />
    </div>
  );
}
