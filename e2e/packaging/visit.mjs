/** What a person sees of the app: the answer, or what went wrong. */

/* global document */

/**
 * @typedef {object} Visit
 * @property {string | undefined} answer
 * @property {{ code: string, message: string } | undefined} failure
 * @property {string[]} errors what the console complained of meanwhile
 */

/**
 * @param {import('../driver/index.mjs').Browser} browser
 * @param {string} url
 * @returns {Promise<Visit>}
 */
export async function visit(browser, url) {
  const before = browser.errors.length;
  await browser.page.goto(url);
  const seen = await browser.page.waitFor(read, undefined, { timeoutMs: 60_000 });
  // What a page does wrong at its very end is to be told as well.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { ...seen, errors: browser.errors.slice(before) };
}

/** Runs in the page. */
function read() {
  const answer = document.querySelector('#answer')?.textContent ?? undefined;
  const failed = document.querySelector('#failure');
  const failure = failed
    ? { code: failed.getAttribute('data-code') ?? '', message: failed.textContent ?? '' }
    : undefined;
  return failure || (answer && answer !== 'Nobody knows yet') ? { answer, failure } : null;
}
