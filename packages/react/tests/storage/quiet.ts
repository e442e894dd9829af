import type { FakeClock } from '../core/fake-clock.ts';
import type { Tab } from './crash/tab.ts';

/** Nobody asks anything for long enough that maintenance does what it wants to. */
export async function quiet(clock: FakeClock, tab: Tab): Promise<void> {
  // Once for the graph, once for the snapshot after it.
  do await clock.advance(5_000);
  while ((await tab.call('stats', {})).unindexedCount > 0);
  await clock.advance(5_000);
  // Waits for the snapshot that is under way.
  await tab.call('follow', {});
}
