import { invalidInput } from '../core/errors.ts';
import type { SearchPayload } from '../core/protocol.ts';
import type { Metric } from '../core/types.ts';
import { checkFilter } from './filter.ts';
import type { CheckedFilter } from './filter.ts';

/** A search whose parameters are known to be good, with what it was not told. */
export interface CheckedSearch extends SearchPayload {
  readonly diversity: number;
  readonly exact: boolean;
  readonly filter: CheckedFilter | undefined;
}

/** @throws VectorIndexError `invalid-input` */
export function checkSearch(payload: SearchPayload, metric: Metric): CheckedSearch {
  const { filter, minScore, diversity, efSearch, exact = false, explain } = payload;
  // What no score reaches is a mistake, such as a percentage, that finding nothing would hide.
  const highest = metric === 'dot' ? Number.MAX_VALUE : 1;
  if (minScore !== undefined && !(Number.isFinite(minScore) && minScore <= highest)) {
    throw invalidInput(
      `\`minScore\` is ${minScore}.`,
      metric === 'dot' ? 'Give a finite number.' : `Give a number up to 1, the highest ${metric}.`,
    );
  }
  if (
    diversity !== undefined &&
    !(Number.isFinite(diversity) && diversity >= 0 && diversity <= 1)
  ) {
    throw invalidInput(`\`diversity\` is ${diversity}.`, 'Give a number from 0 to 1.');
  }
  if (diversity && payload.k > 4096) {
    throw invalidInput(`\`k\` is ${payload.k}.`, 'With `diversity`, give one of at most 4096.');
  }
  if (
    efSearch !== undefined &&
    !(Number.isInteger(efSearch) && efSearch >= 1 && efSearch <= 4096)
  ) {
    throw invalidInput(`\`efSearch\` is ${efSearch}.`, 'Give a whole number from 1 to 4096.');
  }
  if (typeof exact !== 'boolean') {
    throw invalidInput('`exact` is no boolean.', 'Give `true` or `false`.');
  }
  if (explain !== undefined && typeof explain !== 'boolean') {
    throw invalidInput('`explain` is no boolean.', 'Give `true` or `false`.');
  }
  return {
    ...payload,
    diversity: diversity ?? 0,
    exact,
    filter: checkFilter(filter),
  };
}
