import type { VectorIndexError, VectorIndexErrorCode } from '../../core/errors.ts';
import type { ScoreBand } from '../score/band.ts';

/** What the line about indexing tells. With a `namespace` both counts are `null`: those known are of all. */
export interface IndexingLabelValues {
  /** Passages that a search sees now. */
  readonly searchable: number | null;
  /** Passages there will be when the inserts under way are done. */
  readonly total: number | null;
  /** `null` until the rate is steady. */
  readonly secondsLeft: number | null;
}

/** A failure in words. */
export interface FailureLabel {
  /** What happened. */
  readonly title: string;
  /** What still works, and what to do. */
  readonly detail: string;
}

/** Every word that the search box says. Give a part of it, in your language or your app's terms. */
export interface SemanticSearchBoxLabels {
  /** Names the field for screen readers. */
  readonly label: string;
  readonly placeholder: string;
  readonly clear: string;
  /** Names the buttons that close a popup, which are for screen readers alone. */
  readonly dismiss: string;
  /** The Ctrl key, as the shortcut `Ctrl K` has it. */
  readonly control: string;
  /** Names the list of results. */
  readonly results: string;
  /** Heading of the app's suggestions. */
  readonly suggestions: string;
  /** Said when results have settled. */
  readonly announceResults: (count: number, query: string) => string;
  /** How many passages of one group matched. */
  readonly groupCount: (count: number) => string;
  readonly empty: (query: string) => string;
  /** What was searched when nothing was found. */
  readonly searched: (passages: number) => string;
  readonly nothingStored: string;
  /** Button under "no hits" when `minScore` left some out. */
  readonly showNearest: string;
  readonly band: (band: ScoreBand) => string;
  readonly score: (score: number) => string;
  readonly indexing: (values: IndexingLabelValues) => string;
  /** The model's first download. `totalBytes` is `null` while unknown. */
  readonly loadingModel: (totalBytes: number | null) => string;
  readonly opening: string;
  readonly failure: (error: VectorIndexError) => FailureLabel;
  readonly retry: string;
}

const count = new Intl.NumberFormat('en');
const figure = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const englishLabels: SemanticSearchBoxLabels = {
  label: 'Search by meaning',
  placeholder: 'Ask in your own words',
  clear: 'Clear',
  dismiss: 'Dismiss',
  control: 'Ctrl',
  results: 'Results',
  suggestions: 'Try asking',
  announceResults: (results, query) =>
    `${count.format(results)} ${results === 1 ? 'result' : 'results'} for “${query}”.`,
  groupCount: (passages) => `${count.format(passages)} passages`,
  empty: (query) => `Nothing close to “${query}”.`,
  searched: (passages) =>
    passages === 1
      ? 'One passage was searched by meaning.'
      : `${count.format(passages)} passages were searched by meaning.`,
  nothingStored: 'There is nothing to search yet.',
  showNearest: 'Show the nearest anyway',
  band: (band) => ({ strong: 'Strong match', good: 'Good match', weak: 'Weak match' })[band],
  score: (score) => figure.format(score),
  indexing: ({ searchable, total, secondsLeft }) =>
    (searchable === null || total === null
      ? 'Passages are being added'
      : `Searching ${count.format(searchable)} of ${count.format(total)} passages`) +
    (secondsLeft === null ? '' : ` · ${timeLeft(secondsLeft)} left`),
  loadingModel: (totalBytes) =>
    totalBytes === null
      ? 'Getting the language model, once'
      : `Getting the language model, ${Math.max(1, Math.round(totalBytes / 1e6))} MB, once`,
  opening: 'Opening the index',
  failure: describeFailure,
  retry: 'Try again',
};

function timeLeft(seconds: number): string {
  if (seconds >= 90) return `${Math.round(seconds / 60)} min`;
  // In steps, because nobody believes "37 s" and a figure that changes every second distracts.
  const rounded = seconds > 10 ? Math.ceil(seconds / 5) * 5 : seconds;
  return `${rounded} s`;
}

function describeFailure(error: VectorIndexError): FailureLabel {
  const title = failureTitles[error.code];
  if (title === undefined) return { title: error.what, detail: error.hint };
  return { title, detail: error.code === 'unsupported' ? restWorks : nothingLost };
}

const restWorks = 'This one cannot run the search engine. The rest of the page works as before.';
const nothingLost = 'Everything stored on this device is still there. Check the connection.';

/** Failures that a visitor meets. The others are for developers: they say it in their own words. */
const failureTitles: Partial<Record<VectorIndexErrorCode, string>> = {
  unsupported: 'Search needs a newer browser.',
  'embed-failed': 'The language model could not be used.',
  'wasm-load': 'Search could not start.',
  'worker-load': 'Search could not start.',
  timeout: 'Search took too long to start.',
};
