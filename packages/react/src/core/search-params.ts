import { checkCount, checkNamespace } from './documents.ts';
import { invalidInput } from './errors.ts';
import { checkFilter } from './filter.ts';
import type { SearchPayload } from './protocol.ts';
import type { Metadata, Metric, SearchParams } from './types.ts';

/** Checks what a search may be told, before its text is embedded, and fills in what it was not. */
export function checkSearchParams<M extends Metadata>(
  { k, namespace, filter, minScore, diversity, efSearch, exact = false, explain }: SearchParams<M>,
  metric: Metric,
): Omit<SearchPayload, 'target'> {
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
    k: checkCount(k, 10, 'k'),
    namespace: checkNamespace(namespace),
    minScore,
    diversity: diversity ?? 0,
    efSearch,
    exact,
    filter: checkFilter(filter),
    explain,
  };
}
