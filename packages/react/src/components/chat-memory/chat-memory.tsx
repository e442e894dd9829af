'use client';

import type { CSSProperties, ReactElement } from 'react';
import type { RecalledItem } from '../../memory/types.ts';
import { ChevronIcon } from '../icons.tsx';
import { useDelayed } from '../state/use-delayed.ts';
import { useChatMemoryContext, type RowContextValue } from './context.ts';
import * as Parts from './parts.ts';
import type { ChatMemoryRootProps } from './root.tsx';

/** Memory that answers sooner never says that it is being read. */
const lookingAfterMs = 300;

/** What `<ChatMemory>` takes: everything that its root takes but children. */
export interface ChatMemoryProps extends Omit<ChatMemoryRootProps, 'children'> {
  /** Beside `akin-memory`, the class of the stylesheet. */
  readonly className?: string | undefined;
}

/**
 * What a message brought back from memory: one line, open to a list where every turn can be
 * forgotten. Import `@akin/react/styles.css` once.
 *
 * @example
 * ```tsx
 * import { ChatMemory } from '@akin/react/components';
 * import type { ChatTurn } from '@akin/react';
 *
 * export function Message({ user, turn }: { user: string; turn: ChatTurn }) {
 *   return (
 *     <>
 *       <p>{turn.text}</p>
 *       <ChatMemory namespace={user} query={turn.text} exclude={[turn.id]} />
 *     </>
 *   );
 * }
 * ```
 */
export function ChatMemory({ className, ...root }: ChatMemoryProps): ReactElement {
  return (
    <Parts.Root
      {...root}
      className={className === undefined ? 'akin-memory' : `akin-memory ${className}`}
    >
      <Quiet />
      <Parts.Failure className="akin-memory-failure">
        <FailureText />
        <Parts.Retry className="akin-button" />
      </Parts.Failure>
      <Parts.Toggle className="akin-memory-toggle">
        <ChevronIcon className="akin-memory-chevron" />
      </Parts.Toggle>
      <Parts.List className="akin-memory-list" itemClassName="akin-memory-item">
        {(row) => <Row row={row} />}
      </Parts.List>
    </Parts.Root>
  );
}

function Quiet(): ReactElement {
  const { state } = useChatMemoryContext();
  const isHidden = !useDelayed(state === 'looking', lookingAfterMs) && state === 'looking';
  return <Parts.Quiet className="akin-memory-quiet" data-early={isHidden ? '' : undefined} />;
}

function FailureText(): ReactElement {
  const { labels } = useChatMemoryContext();
  return <span>{labels.failed}</span>;
}

function Row({ row }: { readonly row: RowContextValue }): ReactElement {
  const { labels } = useChatMemoryContext();
  const { item, phase } = row;
  const isGone = phase === 'forgetting' || phase === 'forgotten' || phase === 'restoring';
  return (
    <>
      <div className="akin-memory-body">
        {isGone ? (
          <p className="akin-memory-note">{labels.forgotten}</p>
        ) : (
          <>
            <p dir="auto" className="akin-memory-text">
              {item.text}
            </p>
            <Origin item={item} />
          </>
        )}
        {phase === 'kept' ? <p className="akin-memory-note">{labels.notForgotten}</p> : null}
        {phase === 'lost' ? <p className="akin-memory-note">{labels.notRestored}</p> : null}
      </div>
      <Parts.Forget className="akin-memory-forget" />
    </>
  );
}

/** Who said it, when and where, and how close it is. */
function Origin({ item }: { readonly item: RecalledItem }): ReactElement {
  const { labels, bandOf, threadTitleOf } = useChatMemoryContext();
  const band = bandOf(item);
  const thread = threadTitleOf(item.threadId);
  return (
    <p className="akin-memory-origin">
      <span className="akin-score" data-band={band ?? undefined}>
        <span
          className="akin-memory-similarity"
          style={{ '--akin-progress': clamp(item.score) } as CSSProperties}
          aria-hidden="true"
        />
        <span>
          {band === null ? '' : `${labels.band(band)}, `}
          {labels.score(item.score)}
        </span>
      </span>
      <span>{labels.said(item.role)}</span>
      <time dateTime={new Date(item.createdAt).toISOString()}>{labels.when(item.createdAt)}</time>
      {thread === undefined ? null : <span>{thread}</span>}
    </p>
  );
}

function clamp(score: number): number {
  return Math.min(1, Math.max(0, score));
}
