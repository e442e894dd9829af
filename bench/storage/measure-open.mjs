/** From the call that opens an index to its first answer, in a browser that was just started. */
import { openBrowser } from './browser.mjs';
import { name } from './profiles.mjs';

/**
 * @param {{ url: string, texts: string[], profile: string, rounds: number }} options profile: of
 * which snapshots are deleted in the end
 */
export async function measureOpen({ url, texts, profile, rounds }) {
  /** @param {(call: (method: string, argument?: unknown) => Promise<any>) => Promise<any>} run */
  const visit = async (run) => {
    const browser = await openBrowser(profile, url);
    try {
      await browser.call('prepare', { texts, count: 1 });
      return await run(browser.call);
    } finally {
      await browser.close();
    }
  };
  const open = () =>
    visit(async (call) => {
      const opened = await call('open', { name });
      // Before it has time to take a snapshot.
      await call('close');
      return opened;
    });
  /** @type {Record<'snapshot' | 'rows', any[]>} */
  const results = { snapshot: [], rows: [] };
  for (let round = 0; round < rounds; round++) results.snapshot.push(await open());
  for (let round = 0; round < rounds; round++) {
    await visit((call) => call('withoutSnapshots', name));
    const opened = await open();
    // What was opened from rows has its graph still to build.
    if (opened.documentCount > 2_000 && opened.unindexedCount === 0) {
      throw new Error('The index was not opened from its rows.');
    }
    results.rows.push(opened);
  }
  return results;
}
