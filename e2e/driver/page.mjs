/**
 * What a test may do with a page, in every engine alike.
 *
 * Selectors are CSS. Functions given to `evaluate` and `waitFor` run in the page: they see nothing
 * of the test but their argument, and argument and result are JSON.
 *
 * @typedef {object} Page
 * @property {(url: string) => Promise<void>} goto waits for the load event
 * @property {() => Promise<void>} reload
 * @property {() => Promise<string>} url
 * @property {<A, R>(fn: (argument: A) => R | Promise<R>, argument?: A) => Promise<R>} evaluate
 * @property {(selector: string) => Promise<string>} text what a person reads there
 * @property {<A, R>(condition: string | ((argument: A) => R | Promise<R>), argument?: A,
 *   options?: { timeoutMs?: number }) => Promise<R>} waitFor a visible element, or a function's
 *   first truthy answer, which it returns
 * @property {(selector: string) => Promise<void>} click
 * @property {(selector: string, value: string) => Promise<void>} fill replaces what stands there
 * @property {(selector: string, key: string) => Promise<void>} press 'Enter', 'ArrowDown', 'a', …
 * @property {(selector: string, paths: string[]) => Promise<void>} upload
 * @property {(viewport: Viewport) => Promise<void>} setViewport
 * @property {(path: string) => Promise<void>} screenshot a PNG
 * @property {() => Promise<void>} close this tab only
 * @property {(frozen: boolean) => Promise<void>} freeze as a browser does to tabs in the background,
 *   where the tab stays; only in browsers that were launched with `freezable`
 * @property {() => Promise<void>} crash ends the tab's process; Chromium only
 *
 * @typedef {{ width: number, height: number }} Viewport
 *
 * @typedef {object} Browser
 * @property {Engine} engine
 * @property {Page} page the first tab
 * @property {() => Promise<Page>} newTab
 * @property {(offline: boolean) => Promise<void>} setOffline Chromium and Firefox; WebKitGTK has no
 *   such switch and throws: cut the server there
 * @property {{ url: string, method: string }[]} requests what pages and workers asked the network
 *   for; empty in WebKitGTK, which does not tell
 * @property {string[]} errors what pages threw or wrote to console.error; likewise
 * @property {(url: string, bytes: number | null) => Promise<void>} setQuota what the origin of the URL
 *   may store; `null`: as usual. Chromium only
 * @property {() => Promise<void>} kill ends all its processes at once, as a power cut would
 * @property {() => Promise<void>} close
 *
 * @typedef {'chromium' | 'firefox' | 'webkit'} Engine
 *
 * @typedef {object} LaunchOptions
 * @property {string} profile a folder; the same one again finds the same storage
 * @property {'light' | 'dark'} [colorScheme]
 * @property {Viewport} [viewport]
 * @property {boolean} [headed] shows Chromium and Firefox
 * @property {boolean} [incognito] a private window, which forgets its profile; Chromium only
 * @property {boolean} [freezable] tabs can be hidden and frozen; Chromium only, and with the viewport
 *   and colours that it has
 * @property {boolean} [blocksStorage] pages may not store anything; Chromium only
 * @property {string[]} [args] further flags for Chromium
 */

export const defaultViewport = Object.freeze({ width: 1280, height: 800 });

/**
 * Asks until an answer is truthy, the same way in every engine.
 * @param {Pick<Page, 'evaluate'>} page
 * @param {string | ((argument: any) => unknown)} condition
 * @param {unknown} argument
 * @param {{ timeoutMs?: number }} [options]
 */
export async function poll(page, condition, argument, { timeoutMs = 10_000 } = {}) {
  const deadline = performance.now() + timeoutMs;
  const ask =
    typeof condition === 'string'
      ? () => page.evaluate(isVisible, condition)
      : () => page.evaluate(condition, argument);
  /** @type {unknown} */
  let refused;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      refused = undefined;
    } catch (error) {
      refused = error; // The page may be between two documents.
    }
    if (performance.now() > deadline) {
      const what = typeof condition === 'string' ? condition : `(${condition})`;
      throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`, { cause: refused });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/* global document, getComputedStyle */
/** @param {string} selector */
function isVisible(selector) {
  const element = document.querySelector(selector);
  if (!element) return false;
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && getComputedStyle(element).visibility === 'visible';
}

/** @param {string} selector */
export function innerTextOf(selector) {
  const element = document.querySelector(selector);
  if (!element) throw new Error(`There is no ${selector}`);
  return /** @type {HTMLElement} */ (element).innerText;
}
