import { VectorIndexError } from '../../core/errors.ts';

/** For a part that is rendered where it has nothing to show. */
export function outside(part: string, place: string): VectorIndexError {
  return new VectorIndexError(
    'invalid-input',
    `<${part}> is outside of <${place}>.`,
    `Render it inside <${place}>.`,
  );
}
