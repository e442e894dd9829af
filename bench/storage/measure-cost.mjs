/** What adding to a large index writes, maintenance included, as a multiple of the rows added. */
import { openBrowser } from './browser.mjs';
import { name } from './profiles.mjs';

/**
 * @param {{ url: string, texts: string[], profile: string, stored: number, added: number,
 *   batch: number, pauses: number }} options pauses: how often everybody stops for long enough that
 *   maintenance does all that it wants to
 */
export async function measureCost({ url, texts, profile, stored, added, batch, pauses }) {
  const browser = await openBrowser(profile, url);
  try {
    await browser.call('prepare', { texts, count: stored + added });
    await browser.call('open', { name, isCounted: true });
    const before = await browser.call('written');
    const part = added / pauses;
    for (let at = 0; at < added; at += part) {
      await browser.call('insert', { first: stored + at, count: part, batch });
      await browser.call('quiet');
    }
    const after = await browser.call('written');
    await browser.call('close');
    /** @type {Record<string, number>} */
    const tables = {};
    for (const [table, bytes] of Object.entries(after.tables)) {
      tables[table] = bytes - (before.tables[table] ?? 0);
    }
    const rows = tables.documents + tables.vectors;
    const bytes = Object.values(tables).reduce((sum, one) => sum + one, 0);
    const snapshots = after.snapshots - before.snapshots;
    return { stored, added, batch, pauses, tables, rows, bytes, snapshots, factor: bytes / rows };
  } finally {
    await browser.close();
  }
}
