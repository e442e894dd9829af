/** The example as a person uses it: what is on the page, and how to do things there. */
import { fileURLToPath } from 'node:url';

/** The production build. */
export const folder = fileURLToPath(new URL('../../examples/ask/dist/', import.meta.url));

/** @typedef {import('../driver/page.mjs').Page} Page */

/** The search box's field. */
export const box = '[role="combobox"]';

/* global document, clearInterval, setInterval, window */

/**
 * @param {Page} page
 * @returns {Promise<number>} how many passages can be searched
 */
export function countSearchable(page) {
  return page.evaluate(() => window.akin?.status.get().documentCount ?? 0);
}

/**
 * @param {Page} page
 * @param {number} count
 * @param {{ timeoutMs?: number }} [options]
 */
export function waitForSearchable(page, count, options) {
  return page.waitFor(
    (wanted) => window.akin?.status.get().documentCount >= wanted,
    count,
    options,
  );
}

/**
 * @param {Page} page
 * @param {string} text somewhere in what a person reads
 * @param {{ timeoutMs?: number }} [options]
 */
export function waitForText(page, text, options) {
  return page.waitFor((wanted) => document.body.innerText.includes(wanted), text, options);
}

/**
 * @param {Page} page
 * @param {string} name
 */
export function clickButton(page, name) {
  return page.waitFor((wanted) => {
    const button = [...document.querySelectorAll('button')].find(
      (candidate) =>
        !candidate.disabled && (candidate.ariaLabel ?? candidate.innerText.trim()) === wanted,
    );
    button?.click();
    return button !== undefined;
  }, name);
}

/**
 * Cancels the model's download as soon as its size is known.
 * @param {Page} page
 * @returns {Promise<string>} what the page said then
 */
export function cancelModel(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const timer = setInterval(() => {
          const panel = document.querySelector('.panel');
          if (!/Getting.* MB/.test(panel?.textContent ?? '')) return;
          clearInterval(timer);
          resolve(panel.innerText);
          panel.querySelector('button').click();
        }, 5);
      }),
  );
}

/**
 * Asks in the search box, and waits for the answer to just this text.
 * @param {Page} page
 * @param {string} text
 * @param {{ timeoutMs?: number }} [options]
 * @returns {Promise<{ hits: string[], atMs: number }>} what the hits say, best first, and when
 *   since the navigation
 */
export async function ask(page, text, options) {
  await page.fill(box, text);
  return page.waitFor(answerTo, text, options);
}

/** Runs in the page. @param {string} text */
function answerTo(text) {
  const input = document.querySelector('[role="combobox"]');
  const state = input?.closest('[data-state]')?.getAttribute('data-state');
  if (input?.value !== text || !['results', 'empty'].includes(state ?? '')) return null;
  const hits = [...document.querySelectorAll('[role="option"]')].map((hit) => hit.textContent);
  return { hits, atMs: performance.now() };
}

/**
 * How many texts the model embedded since the page was opened.
 * @param {Page} page
 * @param {'query' | 'document'} purpose
 */
export function countEmbedded(page, purpose) {
  return page.evaluate(
    (wanted) =>
      performance
        .getEntriesByName('akin:embed')
        .filter(({ detail }) => detail.purpose === wanted)
        .reduce((sum, { detail }) => sum + detail.texts, 0),
    purpose,
  );
}

/**
 * Notes what the indexing panel says, four times a second, without making the browser lay it out.
 * @param {Page} page
 */
export function watchProgress(page) {
  return page.evaluate(() => {
    window.shownProgress = [];
    setInterval(() => {
      const bar = document.querySelector('progress[aria-label^="Indexing"]');
      window.shownProgress.push({
        atMs: performance.now(),
        done: bar?.value ?? null,
        total: bar?.max ?? null,
        text: bar?.parentElement.querySelector('p').textContent ?? '',
      });
    }, 250);
  });
}

/**
 * @param {Page} page
 * @returns {Promise<{ atMs: number, done: number | null, total: number | null, text: string }[]>}
 */
export function shownProgress(page) {
  return page.evaluate(() => window.shownProgress);
}
