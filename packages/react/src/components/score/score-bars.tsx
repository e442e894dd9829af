'use client';

import type { ReactElement } from 'react';
import type { ScoreBand } from './band.ts';

const barsOf: Readonly<Record<ScoreBand, number>> = { strong: 3, good: 2, weak: 1 };
const heights = [5, 8, 11];

/** What `<ScoreBars>` takes. */
export interface ScoreBarsProps {
  readonly band: ScoreBand;
  readonly className?: string | undefined;
}

/**
 * Three small bars, as many filled as the band says. A picture only: put the words beside it.
 *
 * @example
 * ```tsx
 * import { bandOfCosine, ScoreBars } from '@akin/react/components';
 * import type { SearchHit } from '@akin/react';
 *
 * export function Hit({ hit }: { hit: SearchHit }) {
 *   const band = bandOfCosine(hit.score);
 *   return (
 *     <p>
 *       {hit.text} <ScoreBars band={band} /> {band}
 *     </p>
 *   );
 * }
 * ```
 */
export function ScoreBars({ band, className }: ScoreBarsProps): ReactElement {
  return (
    <svg
      aria-hidden="true"
      className={className}
      data-band={band}
      width="15"
      height="11"
      viewBox="0 0 15 11"
      fill="currentColor"
    >
      {heights.map((height, bar) => (
        <rect
          key={height}
          x={bar * 5.5}
          y={11 - height}
          width="4"
          height={height}
          rx="1"
          opacity={bar < barsOf[band] ? 1 : 0.25}
        />
      ))}
    </svg>
  );
}
