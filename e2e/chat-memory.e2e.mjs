/** Twenty facts among two hundred other turns, asked about in other words after a reload. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chatPage } from './chat/chat-page.mjs';
import { createKeywordSearch } from './chat/keyword-search.mjs';
import { contentWords } from './chat/words.mjs';
import { launch, serve } from './driver/index.mjs';

/* global document, indexedDB, TextDecoder */

const file = fileURLToPath(new URL('data/chat.json', import.meta.url));
const folder = fileURLToPath(new URL('../examples/chat/dist/', import.meta.url));

/**
 * @type {{ turns: { id: string, role: string, text: string }[],
 *   questions: { question: string, fact: string }[] }}
 */
const { turns, questions } = JSON.parse(await readFile(file, 'utf8'));

/** @param {string} fact */
const textOf = (fact) => turns.find(({ id }) => id === fact)?.text ?? '';

/** @param {number} rank 0 is not found */
const isTop3 = (rank) => rank >= 1 && rank <= 3;

describe('chat memory', () => {
  /** @type {string} */
  let profile;
  /** @type {import('./driver/server.mjs').TestServer} */
  let server;
  /** @type {import('./driver/index.mjs').Browser} */
  let browser;
  /** @type {ReturnType<typeof chatPage>} */
  let chat;

  before(async () => {
    profile = await mkdtemp(join(tmpdir(), 'akin-chat-'));
    server = await serve(folder);
    browser = await launch({ engine: 'chromium', profile });
    chat = chatPage(browser.page);
    await browser.page.goto(server.url);
    await browser.page.waitFor('.welcome');
  });

  after(async () => {
    await browser?.close();
    await server?.close();
    await rm(profile, { recursive: true, force: true });
  });

  test('the conversation is what it says: 20 facts among 200 other turns', () => {
    assert.equal(turns.length, 220);
    assert.equal(new Set(turns.map(({ text }) => text)).size, 220);
    assert.equal(new Set(questions.map(({ fact }) => fact)).size, 20);
    for (const { question, fact } of questions) {
      assert.equal(turns.find(({ id }) => id === fact)?.role, 'user');
      const shared = contentWords(question).filter((word) =>
        contentWords(textOf(fact)).includes(word),
      );
      assert.ok(shared.length <= 1, `"${question}" shares ${shared.join(', ')} with its fact`);
    }
  });

  test('every turn is remembered, and there after a reload', async () => {
    assert.equal(await chat.importFile(file), '220');
    await browser.page.reload();
    await browser.page.waitFor('.status');
    await browser.page.waitFor(() =>
      document.querySelector('.status')?.textContent?.startsWith('220 turns'),
    );
  });

  test('at least 16 facts are in the top 3 for questions in other words', async () => {
    await chat.newConversation();
    const searchKeywords = createKeywordSearch(turns);
    const table = [];
    for (const { question, fact } of questions) {
      const rows = await chat.ask(question);
      const rank = rows.findIndex(({ text }) => text === textOf(fact)) + 1;
      const keywords = searchKeywords(question).indexOf(fact) + 1;
      table.push({ question, rank, score: rows[rank - 1]?.score, keywords });
    }
    const found = table.filter(({ rank }) => isTop3(rank)).length;
    const foundByKeywords = table.filter(({ keywords }) => isTop3(keywords)).length;
    for (const { question, rank, score, keywords } of table) {
      const cells = [rank || '–', score ?? '–', keywords || '–'].map((cell) =>
        String(cell).padStart(5),
      );
      console.log(`${question.padEnd(55)}${cells.join('')}`);
    }
    console.log(`in the top 3: by memory ${found}, by keywords ${foundByKeywords}, of 20`);
    assert.ok(found >= 16, `${found} of 20`);
  });

  test('what is forgotten never comes back, also after a reload', async () => {
    const forgotten = questions.slice(1, 4);
    for (const { question, fact } of forgotten) {
      await chat.newConversation();
      await chat.ask(question);
      await chat.act(textOf(fact), 'Forget');
    }
    assert.deepEqual(await recalledAgain(forgotten), []);
    await browser.page.reload();
    assert.deepEqual(await recalledAgain(forgotten), []);
    const stored = await browser.page.evaluate(readStoredTexts);
    assert.ok(stored.includes(turns[0]?.text ?? ''), 'texts are found in IndexedDB');
    assert.deepEqual(
      forgotten.filter(({ fact }) => stored.includes(textOf(fact))),
      [],
    );
  });

  test('undo brings it back, also after a reload', async () => {
    const undone = questions.slice(-3);
    for (const { question, fact } of undone) {
      await chat.newConversation();
      await chat.ask(question);
      await chat.act(textOf(fact), 'Forget');
      await chat.act(textOf(fact), 'Undo');
    }
    const all = undone.map(({ fact }) => fact);
    assert.deepEqual(await recalledAgain(undone), all);
    await browser.page.reload();
    assert.deepEqual(await recalledAgain(undone), all);
  });

  test('nothing went to another server, and nothing failed unseen', () => {
    const elsewhere = browser.requests.filter(({ url }) => !url.startsWith(server.url));
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(browser.errors, []);
  });

  /**
   * Which of the facts are recalled when their questions are asked again.
   * @param {{ question: string, fact: string }[]} asked
   */
  async function recalledAgain(asked) {
    const found = [];
    for (const { question, fact } of asked) {
      await chat.newConversation();
      const rows = await chat.ask(question);
      if (rows.some(({ text }) => text === textOf(fact))) found.push(fact);
    }
    return found;
  }
});

/** Everything that is stored, as one text, whatever the rows look like. */
async function readStoredTexts() {
  const texts = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve, reject) => {
      const request = indexedDB.open(name ?? '');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (const store of database.objectStoreNames) {
      const rows = await new Promise((resolve, reject) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      texts.push(
        JSON.stringify(rows, (_, value) =>
          ArrayBuffer.isView(value) || value instanceof ArrayBuffer
            ? new TextDecoder('latin1').decode(value)
            : value,
        ),
      );
    }
    database.close();
  }
  return texts.join('\n');
}
