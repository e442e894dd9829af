/** Documents a second, by how many an insert brings and how durable it is. */
import { openBrowser } from './browser.mjs';

/** How many documents, for each size of a batch: some seconds each. */
const amounts = { 1: 300, 10: 1_500, 100: 5_000, 1_000: 10_000 };

/**
 * @param {{ url: string, texts: string[], profiles: any, log: (text: string) => void,
 *   rounds: number, scale: number }} options
 */
export async function measureInsert({ url, texts, profiles, log, rounds, scale }) {
  /** @type {any[]} */
  const results = [];
  for (let round = 0; round < rounds; round++) {
    // A browser of its own for each round, and an index of its own for each figure, all in turns.
    const browser = await openBrowser(profiles.empty(), url);
    try {
      await browser.call('prepare', { texts, count: amounts[1_000] });
      for (const [text, amount] of Object.entries(amounts)) {
        const batch = Number(text);
        const count = Math.max(batch, Math.round(amount / scale / batch) * batch);
        for (const durability of ['strict', 'relaxed']) {
          for (const withVector of [false, true]) {
            const name = `insert-${batch}-${durability}-${withVector}`;
            await browser.call('open', { name, durability });
            const ms = await browser.call('insert', { first: 0, count, batch, withVector });
            await browser.call('destroy');
            results.push({
              round,
              batch,
              durability,
              withVector,
              count,
              perSecond: count / (ms / 1_000),
            });
          }
        }
      }
    } finally {
      await browser.close();
    }
    log(`  round ${round + 1} of ${rounds}`);
  }
  return results;
}
