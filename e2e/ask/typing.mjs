/** Types as a person does, and measures in the page how long each keystroke waits for results. */

/* global document, window, MutationObserver, PerformanceObserver */

import { box } from './app.mjs';

/** @typedef {import('../driver/page.mjs').Page} Page */

/**
 * Starts to measure: from the `input` event to the first change of the page that shows results for
 * the text it left in the field.
 * @param {Page} page
 */
export function watchTyping(page) {
  return page.evaluate(() => {
    const input = document.querySelector('[role="combobox"]');
    const root = input.closest('[data-state]');
    const waits = [];
    let pending = null;
    input.addEventListener('input', () => {
      pending = input.value === '' ? null : { text: input.value, at: performance.now() };
    });
    const check = () => {
      if (pending === null || input.value !== pending.text) return;
      if (!['results', 'empty'].includes(root.getAttribute('data-state'))) return;
      const { documentCount } = window.akin.status.get();
      waits.push({ ...pending, waitMs: performance.now() - pending.at, documentCount });
      pending = null;
    };
    new MutationObserver(check).observe(root, {
      attributes: true,
      childList: true,
      subtree: true,
      characterData: true,
    });
    window.typingWaits = waits;
  });
}

/** What is typed over and over. No key leaves a text in the field that was there before. */
const texts = [
  'Why do we leave no one behind',
  'A stranger saved a child from the water',
  'How will the old be looked after',
  'What became of the soldiers who came home',
  'Clean air over our cities',
  'Teachers who buy books with their own money',
  'Jobs that moved across the sea',
  'Medicine that costs too much',
];

/**
 * Types key by key. Each key waits for the results of the one before, as a measurement must; then
 * for a moment, as a person does.
 * @param {Page} page
 * @param {() => Promise<boolean>} shouldGoOn
 * @param {{ pauseMs: number }} options
 */
export async function typeWhile(page, shouldGoOn, { pauseMs }) {
  for (const text of texts) {
    await page.fill(box, '');
    for (const key of text) {
      if (!(await shouldGoOn())) return;
      const before = await page.evaluate(() => window.typingWaits.length);
      await page.press(box, key === ' ' ? 'Space' : key);
      // A space at the end asks nothing new.
      if (key !== ' ') {
        await page.waitFor((count) => window.typingWaits.length > count, before);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  while (await shouldGoOn()) await new Promise((resolve) => setTimeout(resolve, 500));
}

/**
 * @param {Page} page
 * @returns {Promise<{ text: string, waitMs: number, documentCount: number }[]>}
 */
export function typingWaits(page) {
  return page.evaluate(() => window.typingWaits);
}

/**
 * Starts to collect long animation frames.
 * @param {Page} page
 */
export function watchFrames(page) {
  return page.evaluate(() => {
    window.longFrames = [];
    new PerformanceObserver((list) => {
      for (const {
        startTime,
        duration,
        blockingDuration,
        renderStart,
        scripts,
      } of list.getEntries())
        window.longFrames.push({
          startTime,
          duration,
          blockingDuration,
          renderMs: renderStart === 0 ? 0 : startTime + duration - renderStart,
          scripts: scripts.map((script) => ({
            url: script.sourceURL,
            name: script.sourceFunctionName,
            invoker: script.invoker,
            duration: script.duration,
            layoutMs: script.forcedStyleAndLayoutDuration,
          })),
        });
    }).observe({ type: 'long-animation-frame' });
  });
}

/**
 * @param {Page} page
 * @returns {Promise<{ startTime: number, duration: number, renderMs: number, scripts:
 *   { url: string, name: string, invoker: string, duration: number, layoutMs: number }[] }[]>}
 */
export function longFrames(page) {
  return page.evaluate(() => window.longFrames);
}

/** @param {Awaited<ReturnType<typeof longFrames>>[number]} frame */
export function describeFrame({ startTime, duration, renderMs, scripts }) {
  const parts = scripts.map(
    ({ name, invoker, duration, layoutMs }) =>
      `${name || invoker} ${duration.toFixed(0)} ms` +
      (layoutMs > 1 ? ` (${layoutMs.toFixed(0)} ms of it layout)` : ''),
  );
  return (
    `frame at ${(startTime / 1000).toFixed(1)} s: ${duration.toFixed(0)} ms, rendering ` +
    `${renderMs.toFixed(0)} ms, scripts: ${parts.join(', ') || 'none'}`
  );
}

/** @param {number[]} values @param {number} share */
export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
