/** Three ways to answer the example's questions: the app's, an exact scan, and keywords. */
import { readFileSync } from 'node:fs';
import MiniSearch from 'minisearch';
import { stems } from '../../examples/ask/corpus/overlap.mjs';

/**
 * @typedef {{ id: string, question: string, expects: string[] }} Question
 * @typedef {import('../driver/page.mjs').Page} Page
 */

/** @param {string} path */
const read = (path) =>
  JSON.parse(readFileSync(new URL(`../../examples/ask/${path}`, import.meta.url), 'utf8'));

/** @type {Question[]} */
export const questions = read('corpus/questions.json');

/** @type {{ id: string, text: string }[]} */
export const passages = read('dist/corpus.json').documents.flatMap(
  (/** @type {{ passages: unknown[] }} */ document) => document.passages,
);

/* global window */

/**
 * What the app's own index finds.
 * @param {Page} page
 * @param {number} k
 * @returns {Promise<string[][]>} ids, best first, one list a question
 */
export function searchApp(page, k) {
  return page.evaluate(
    async ({ texts, k }) => {
      const found = [];
      for (const text of texts) {
        const { hits } = await window.akin.search(text, { k });
        found.push(hits.map(({ id }) => id));
      }
      return found;
    },
    { texts: questions.map(({ question }) => question), k },
  );
}

/**
 * The vectors as they are stored, read back by the public API, compared one by one in float64
 * with the same model's vector of the question.
 * @param {Page} page
 * @param {number} k
 * @returns {Promise<string[][]>} ids, best first, one list a question
 */
export function searchExactly(page, k) {
  return page.evaluate(
    async ({ ids, texts, k }) => {
      const { embedder } = window.akin;
      const documents = await Promise.all(ids.map((id) => window.akin.get(id, { vector: true })));
      const queries = await embedder.embed(texts, { purpose: 'query' });
      return queries.map(({ vector: query }) => {
        const dot = (/** @type {Float32Array} */ a, /** @type {Float32Array} */ b) =>
          a.reduce((sum, value, i) => sum + value * b[i], 0);
        const scored = documents.map(({ id, vector }) => ({
          id,
          score: dot(query, vector) / Math.sqrt(dot(query, query) * dot(vector, vector)),
        }));
        return scored
          .sort((a, b) => b.score - a.score)
          .slice(0, k)
          .map(({ id }) => id);
      });
    },
    { ids: passages.map(({ id }) => id), texts: questions.map(({ question }) => question), k },
  );
}

/**
 * BM25 over the same passages, as MiniSearch has it, on stems without stop words.
 * @param {number} k
 * @returns {string[][]}
 */
export function searchKeywords(k) {
  const keywords = new MiniSearch({ fields: ['text'], processTerm: (term) => [...stems(term)] });
  keywords.addAll(passages);
  return questions.map(({ question }) =>
    keywords
      .search(question)
      .slice(0, k)
      .map(({ id }) => id),
  );
}

/**
 * The place of the first expected passage, from 1; 0 when it is not there.
 * @param {Question} question
 * @param {string[]} found
 */
export function place({ expects }, found) {
  return found.findIndex((id) => expects.includes(id)) + 1;
}
