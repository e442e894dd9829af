/** Numbers as tables show them. */

/** @param {number | undefined | null} value in milliseconds @returns {string} in microseconds */
export function micros(value) {
  if (!isNumber(value)) return '–';
  const us = value * 1_000;
  return us < 100 ? us.toFixed(1) : Math.round(us).toLocaleString('en-US');
}

/** @param {number | undefined | null} value */
export function millis(value) {
  if (!isNumber(value)) return '–';
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US');
}

/** @param {number | undefined | null} value */
export function whole(value) {
  return isNumber(value) ? Math.round(value).toLocaleString('en-US') : '–';
}

/** @param {number | undefined | null} value */
export function recall(value) {
  return isNumber(value) ? value.toFixed(4).replace(/^0/, '') : '–';
}

/** How many times. @param {number | undefined | null} value */
export function times(value) {
  if (!isNumber(value)) return '–';
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US')}×`;
}

/** @param {unknown} value @returns {value is number} */
export function isNumber(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

const numeric = /^\**[\d.,]+(–[\d.,]+)?(×| %|\/s)?\**$|^–$/;

/**
 * A Markdown table; columns of numbers stand on the right.
 * @param {string[]} head
 * @param {string[][]} rows
 */
export function table(head, rows) {
  /** @param {string[]} cells */
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = head.map((_, i) => (rows.every((row) => numeric.test(row[i])) ? '---:' : '---'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
