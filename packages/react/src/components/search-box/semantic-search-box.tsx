'use client';

import type { ReactElement, ReactNode } from 'react';
import type { Metadata, SearchHit } from '../../core/types.ts';
import { CrossIcon, SearchIcon } from '../icons.tsx';
import { ScoreBars } from '../score/score-bars.tsx';
import { MarkedText } from '../text/marked-text.tsx';
import { useSearchBox, type HitGroup } from './context.ts';
import * as Parts from './parts.ts';
import type { SearchBoxRootProps } from './root.tsx';

/** What `<SemanticSearchBox>` takes. */
export interface SemanticSearchBoxProps<M extends Metadata = Metadata> extends Omit<
  SearchBoxRootProps<M>,
  'children'
> {
  /** Title or source of a hit, in one line above its passage. Default: none. */
  readonly getHitTitle?: ((hit: SearchHit<M>) => string) | undefined;
  /** The inside of a result, in place of title and passage. Text only: a result is one option. */
  readonly renderHit?:
    ((hit: SearchHit<M>, details: { readonly query: string }) => ReactNode) | undefined;
  readonly placeholder?: string | undefined;
}

/**
 * Search as you type, by meaning. Import `@akin/react/styles.css` once.
 *
 * @example
 * ```tsx
 * import { SemanticSearchBox } from '@akin/react/components';
 * import '@akin/react/styles.css';
 *
 * type Note = { title: string };
 *
 * export function Search() {
 *   return (
 *     <SemanticSearchBox<Note>
 *       getHitTitle={(hit) => hit.metadata.title}
 *       onSelect={(hit) => location.assign(`/notes/${hit.id}`)}
 *       suggestions={['What did I plan for May?']}
 *     />
 *   );
 * }
 * ```
 */
export function SemanticSearchBox<M extends Metadata = Metadata>({
  getHitTitle,
  renderHit,
  placeholder,
  className,
  ...root
}: SemanticSearchBoxProps<M>): ReactElement {
  const titleOf = getHitTitle as ((hit: SearchHit) => string) | undefined;
  const contentOf = renderHit as SemanticSearchBoxProps['renderHit'];
  return (
    <Parts.Root {...root} className={classNames('akin-search', className)}>
      <Parts.Field className="akin-search-field">
        <SearchIcon className="akin-search-icon" />
        <Parts.Input
          className="akin-search-input"
          {...(placeholder === undefined ? {} : { placeholder })}
        />
        <Parts.Shortcut className="akin-search-shortcut" />
        <Parts.Clear className="akin-search-clear">
          <CrossIcon />
        </Parts.Clear>
        <Parts.Activity className="akin-search-activity" />
      </Parts.Field>
      <Parts.Panel className="akin-search-panel" positionerClassName="akin-search-positioner">
        <Heading />
        <Parts.Failure className="akin-search-message">
          <Parts.FailureTitle className="akin-search-message-title" />
          <Parts.FailureDetail className="akin-search-message-detail" />
          <Parts.Retry className="akin-button" />
        </Parts.Failure>
        <Parts.Empty className="akin-search-message">
          <EmptyTitle />
          <Parts.Searched className="akin-search-message-detail" />
          <Parts.ShowNearest className="akin-button" />
        </Parts.Empty>
        <Parts.List
          className="akin-search-list"
          groupClassName="akin-search-group"
          renderSuggestion={(suggestion) => (
            <Parts.Suggestion
              key={suggestion}
              suggestion={suggestion}
              className="akin-search-suggestion"
            />
          )}
          renderGroupLabel={(group) => <GroupLabel group={group} />}
        >
          {(hit) => (
            <Parts.Item hit={hit} className="akin-search-item">
              <HitContent hit={hit} titleOf={titleOf} contentOf={contentOf} />
            </Parts.Item>
          )}
        </Parts.List>
        <Parts.Progress className="akin-search-progress" barClassName="akin-progress-bar" />
      </Parts.Panel>
    </Parts.Root>
  );
}

function Heading(): ReactElement | null {
  const { suggestions, labels } = useSearchBox();
  if (suggestions.length === 0) return null;
  // The list has the same name.
  return (
    <div className="akin-search-heading" aria-hidden="true">
      {labels.suggestions}
    </div>
  );
}

function EmptyTitle(): ReactElement {
  const { box, labels } = useSearchBox();
  return <p className="akin-search-message-title">{labels.empty(box.answeredText)}</p>;
}

function GroupLabel({ group }: { readonly group: HitGroup }): ReactElement {
  const { labels } = useSearchBox();
  return (
    <Parts.GroupLabel className="akin-search-group-label">
      <span dir="auto" className="akin-search-title">
        {group.value}
      </span>
      {group.items.length > 1 ? (
        <span className="akin-search-group-count">{labels.groupCount(group.items.length)}</span>
      ) : null}
    </Parts.GroupLabel>
  );
}

interface HitContentProps {
  readonly hit: SearchHit;
  readonly titleOf: ((hit: SearchHit) => string) | undefined;
  readonly contentOf: SemanticSearchBoxProps['renderHit'];
}

function HitContent({ hit, titleOf, contentOf }: HitContentProps): ReactElement {
  const { box } = useSearchBox();
  const query = box.answeredText;
  return (
    <>
      <span className="akin-search-hit">
        {contentOf === undefined ? (
          <>
            {titleOf === undefined ? null : (
              <span dir="auto" className="akin-search-title">
                {titleOf(hit)}
              </span>
            )}
            <span dir="auto" className="akin-search-passage">
              <MarkedText text={hit.text ?? hit.id} query={query} excerpt />
            </span>
          </>
        ) : (
          contentOf(hit, { query })
        )}
      </span>
      <Score hit={hit} />
    </>
  );
}

/** The band as bars, with words for screen readers; the figure shows on hover and highlight. */
function Score({ hit }: { readonly hit: SearchHit }): ReactElement {
  const { labels, bandOf } = useSearchBox();
  const band = bandOf(hit);
  return (
    <span className="akin-score" data-band={band ?? undefined}>
      {band === null ? null : (
        <>
          <ScoreBars band={band} />
          <span className="akin-visually-hidden">{labels.band(band)}, </span>
        </>
      )}
      <span className="akin-score-figure">{labels.score(hit.score)}</span>
    </span>
  );
}

function classNames(own: string, given: string | undefined): string {
  return given === undefined ? own : `${own} ${given}`;
}
