import { place, questions } from './retrieval.mjs';

/** @typedef {{ ours: string[][], exact: string[][], keywords: string[][] }} Found */

/**
 * Prints where each question's first expected passage stands, by each way of searching.
 * @param {{ diagnostic: (line: string) => void }} t
 * @param {Found} found
 * @returns {{ ours: number, exact: number, keywords: number }} questions answered in the top 3
 */
export function reportRetrieval(t, { ours, exact, keywords }) {
  const rows = questions.map((question, i) => ({
    question: question.question,
    ours: place(question, ours[i]),
    exact: place(question, exact[i]),
    keywords: place(question, keywords[i]),
  }));
  const cell = (/** @type {number} */ at) => (at === 0 ? '–' : String(at)).padStart(8);
  t.diagnostic(`    ours   exact keywords  (place of the first expected passage among ten)`);
  for (const row of rows) {
    t.diagnostic(`${cell(row.ours)}${cell(row.exact)}${cell(row.keywords)}  ${row.question}`);
  }
  const inTop3 = (/** @type {'ours' | 'exact' | 'keywords'} */ way) =>
    rows.filter((row) => row[way] >= 1 && row[way] <= 3).length;
  const count = { ours: inTop3('ours'), exact: inTop3('exact'), keywords: inTop3('keywords') };
  t.diagnostic(
    `in the top 3, of ${rows.length}: ours ${count.ours}, exact scan in float32 ${count.exact}, ` +
      `keywords (BM25) ${count.keywords}`,
  );
  return count;
}
