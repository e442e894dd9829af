/** The chat as a person uses it: by what is written on the page. */

/* global document, HTMLElement, Node */

/**
 * @typedef {import('../driver/index.mjs').Page} Page
 * @typedef {{ text: string, score: number }} RecalledRow
 */

/** @param {Page} page */
export function chatPage(page) {
  return {
    /** @param {string} path a file; waits until all of it is remembered */
    async importFile(path) {
      await page.upload('.file-button input', [path]);
      return page.waitFor(
        () => document.querySelector('.welcome [role=status]')?.textContent?.match(/^\d+/)?.[0],
        null,
        { timeoutMs: 120_000 },
      );
    },

    async newConversation() {
      await page.waitFor('.composer textarea');
      await page.evaluate(() => {
        const buttons = [...document.querySelectorAll('button')];
        buttons.find(({ textContent }) => textContent === 'New conversation')?.click();
      });
      await page.waitFor('.welcome');
    },

    /** @param {string} text */
    async send(text) {
      await page.fill('.composer textarea', text);
      await page.press('.composer textarea', 'Enter');
    },

    /**
     * Asks without a model; what is recalled is the answer.
     * @param {string} question
     * @returns {Promise<RecalledRow[]>} best first
     */
    async ask(question) {
      await this.send(question);
      return page.waitFor(recalledFor, question, { timeoutMs: 20_000 });
    },

    /** @param {string} text of a turn in the last list @param {'Forget' | 'Undo'} action */
    async act(text, action) {
      await page.evaluate(press, { text, action });
      await page.waitFor(offers, { text, action: action === 'Forget' ? 'Undo' : 'Forget' });
    },

    /**
     * What the conversation on screen says, once it has so many turns.
     * @param {number} count
     * @returns {Promise<string[]>}
     */
    waitForTurns: (count) =>
      page.waitFor((wanted) => {
        const texts = [...document.querySelectorAll('[role=log] .message > .text')];
        if (texts.length !== wanted || document.querySelector('.running')) return undefined;
        return texts.map(({ textContent }) => textContent ?? '');
      }, count),

    /** @param {{ url: string, model: string, key: string }} endpoint */
    async connect({ url, model, key }) {
      await page.click('.toolbar button:last-child');
      await page.fill('[name=url]', url);
      await page.fill('[name=model]', model);
      await page.fill('[name=key]', key);
      await page.click('#model .primary');
      await page.waitFor(
        (name) => document.querySelector('.toolbar')?.textContent?.includes(`Model: ${name}`),
        model,
      );
    },
  };
}

/**
 * The list beside the last message, once that message is the question and memory has answered.
 * @param {string} question
 */
function recalledFor(question) {
  const asked = [...document.querySelectorAll('[role=log] .message[data-role=user] > .text')].at(
    -1,
  );
  const memory = [...document.querySelectorAll('[role=log] .akin-memory')].at(-1);
  if (asked?.textContent !== question || !memory) return undefined;
  if (!(asked.compareDocumentPosition(memory) & Node.DOCUMENT_POSITION_FOLLOWING)) return undefined;
  const state = memory.getAttribute('data-state');
  if (state !== 'recalled' && state !== 'nothing') return undefined;
  return [...memory.querySelectorAll('.akin-memory-item')].map((item) => ({
    text: item.querySelector('.akin-memory-text')?.textContent ?? '',
    score: Number(item.querySelector('.akin-score')?.textContent?.match(/-?[\d.]+$/)?.[0]),
  }));
}

/** @param {{ text: string, action: string }} row */
function press({ text, action }) {
  const buttons = [...document.querySelectorAll('.akin-memory-forget')];
  const wanted = `${action}: ${text}`;
  const button = buttons.filter((one) => one.getAttribute('aria-label') === wanted).at(-1);
  if (!(button instanceof HTMLElement)) throw new Error(`Nothing offers to ${wanted}`);
  button.click();
}

/** @param {{ text: string, action: string }} row */
function offers({ text, action }) {
  const buttons = [...document.querySelectorAll('.akin-memory-forget')];
  return buttons.some((button) => button.getAttribute('aria-label') === `${action}: ${text}`);
}
