/** Recall against latency as SVG: readable on light and dark pages, in colour and without. */

const size = { width: 760, height: 440 };
const frame = { left: 76, right: 206, top: 44, bottom: 56 };

/** Chosen to be told apart by most people; shapes tell them apart without colour. */
const styles = [
  { light: '#c2185b', dark: '#ff6b9e', shape: 'circle' },
  { light: '#1565c0', dark: '#6cb2ff', shape: 'square' },
  { light: '#00796b', dark: '#4dd0b5', shape: 'diamond' },
  { light: '#b25000', dark: '#ffab57', shape: 'triangle' },
  { light: '#6a1b9a', dark: '#ce93ff', shape: 'cross' },
  { light: '#556b00', dark: '#c0d860', shape: 'plus' },
  { light: '#5d4037', dark: '#d7b5a6', shape: 'down' },
  { light: '#37474f', dark: '#b7c6ce', shape: 'ring' },
  { light: '#8d6e00', dark: '#f2d24b', shape: 'bar' },
];

/**
 * @typedef {{ name: string, style: number, points: { recall: number, ms: number }[] }} Line a style
 *   belongs to a library in all plots
 *
 * @param {{ title: string, lines: Line[], wantedRecall: number }} plot
 * @returns {string}
 */
export function plotSvg({ title, lines, wantedRecall }) {
  const drawn = lines
    .map((line) => ({ ...line, points: line.points.filter(({ recall }) => recall >= 0.8) }))
    .filter(({ points }) => points.length > 0);
  const all = drawn.flatMap(({ points }) => points.map(({ ms }) => ms * 1_000));
  const [least, most] = decades(Math.min(...all), Math.max(...all));
  const right = size.width - frame.right;
  const bottom = size.height - frame.bottom;
  /** @param {number} recall */
  const x = (recall) => frame.left + ((recall - 0.8) / 0.2) * (right - frame.left);
  /** @param {number} us */
  const y = (us) =>
    bottom - (Math.log10(us / least) / Math.log10(most / least)) * (bottom - frame.top);

  const parts = [];
  for (const recall of [0.8, 0.85, 0.9, 0.95, 1]) {
    const at = x(recall).toFixed(1);
    const kind = recall === wantedRecall ? 'grid wanted' : 'grid';
    parts.push(`<line class="${kind}" x1="${at}" x2="${at}" y1="${frame.top}" y2="${bottom}"/>`);
    parts.push(
      `<text x="${at}" y="${bottom + 20}" text-anchor="middle">${recall.toFixed(2)}</text>`,
    );
  }
  for (const us of ticks(least, most)) {
    const at = y(us).toFixed(1);
    parts.push(`<line class="grid" x1="${frame.left}" x2="${right}" y1="${at}" y2="${at}"/>`);
    parts.push(
      `<text x="${frame.left - 8}" y="${Number(at) + 4}" text-anchor="end">${label(us)}</text>`,
    );
  }
  const middle = (frame.left + right) / 2;
  parts.push(`<text class="name" x="${frame.left}" y="24">${escape(title)}</text>`);
  parts.push(
    `<text x="${middle}" y="${size.height - 14}" text-anchor="middle">recall@10 (right is better)</text>`,
  );
  const upright = (frame.top + bottom) / 2;
  parts.push(
    `<text transform="rotate(-90 18 ${upright})" x="18" y="${upright}" text-anchor="middle">` +
      'p50 of a query, log scale (lower is better)</text>',
  );
  drawn.forEach((line, i) => {
    const style = line.style % styles.length;
    const points = [...line.points].sort((a, b) => a.recall - b.recall);
    const path = points.map(
      ({ recall, ms }) => `${x(recall).toFixed(1)},${y(ms * 1_000).toFixed(1)}`,
    );
    const marks = points.map(({ recall, ms }) =>
      mark(styles[style].shape, x(recall), y(ms * 1_000)),
    );
    parts.push(
      `<g class="s${style}"><polyline points="${path.join(' ')}"/>${marks.join('')}` +
        `<title>${escape(line.name)}</title></g>`,
    );
    const at = frame.top + 10 + i * 22;
    parts.push(
      `<g class="s${style}">${mark(styles[style].shape, right + 20, at)}</g>` +
        `<text x="${right + 34}" y="${at + 4}">${escape(line.name)}</text>`,
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" ` +
      `width="${size.width}" height="${size.height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escape(title)}: recall against latency</title>`,
    `<desc id="desc">${escape(described(drawn, wantedRecall))}</desc>`,
    `<style>${css()}</style>`,
    `<rect class="page" width="${size.width}" height="${size.height}" rx="6"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

/** @param {Line[]} lines @param {number} wanted */
function described(lines, wanted) {
  const told = lines.map(({ name, points }) => {
    const reached = points.filter(({ recall }) => recall >= wanted).map(({ ms }) => ms);
    if (reached.length === 0) return `${name} does not reach recall ${wanted}`;
    return `${name} reaches recall ${wanted} in ${label(Math.min(...reached) * 1_000)}`;
  });
  return `Median time of a query for each recall at 10. ${told.join('; ')}.`;
}

function css() {
  /** @param {'light' | 'dark'} mode */
  const colours = (mode) =>
    styles.map((style, i) => `.s${i}{stroke:${style[mode]};fill:${style[mode]}}`).join('');
  return (
    'text{font:13px system-ui,sans-serif;fill:#333}.name{font-weight:600;font-size:15px}' +
    '.page{fill:#fff}.grid{stroke:#ddd}.wanted{stroke:#777;stroke-dasharray:5 4}' +
    'polyline{fill:none;stroke-width:2}.hollow{fill:none;stroke-width:2}' +
    `${colours('light')}` +
    '@media(prefers-color-scheme:dark){text{fill:#ddd}.page{fill:#161b22}.grid{stroke:#333b45}' +
    `.wanted{stroke:#9aa4af}${colours('dark')}}`
  );
}

/** @param {string} shape @param {number} cx @param {number} cy */
function mark(shape, cx, cy) {
  const [x, y] = [Number(cx.toFixed(1)), Number(cy.toFixed(1))];
  const r = 4;
  switch (shape) {
    case 'circle':
      return `<circle cx="${x}" cy="${y}" r="${r}"/>`;
    case 'ring':
      return `<circle class="hollow" cx="${x}" cy="${y}" r="${r}"/>`;
    case 'bar':
      return `<rect x="${x - r - 1}" y="${y - 2}" width="${2 * r + 2}" height="4"/>`;
    case 'square':
      return `<rect x="${x - r}" y="${y - r}" width="${2 * r}" height="${2 * r}"/>`;
    case 'diamond':
      return `<path d="M${x} ${y - r - 1}l${r + 1} ${r + 1}l-${r + 1} ${r + 1}l-${r + 1}-${r + 1}z"/>`;
    case 'triangle':
      return `<path d="M${x} ${y - r}l${r} ${2 * r}h-${2 * r}z"/>`;
    case 'down':
      return `<path d="M${x} ${y + r}l${r}-${2 * r}h-${2 * r}z"/>`;
    case 'cross':
      return `<path class="hollow" d="M${x - r} ${y - r}l${2 * r} ${2 * r}m0-${2 * r}l-${2 * r} ${2 * r}"/>`;
    default:
      return `<path class="hollow" d="M${x} ${y - r}v${2 * r}m-${r}-${r}h${2 * r}"/>`;
  }
}

/** Bounds on a logarithmic scale of 1, 2, 5. @param {number} least @param {number} most */
function decades(least, most) {
  const steps = [1, 2, 5];
  /** @param {number} value @param {boolean} up */
  const snap = (value, up) => {
    const power = 10 ** Math.floor(Math.log10(value));
    const fits = [...steps, 10].map((step) => step * power);
    return up
      ? (fits.find((fit) => fit >= value) ?? value)
      : (fits.findLast((fit) => fit <= value) ?? value);
  };
  const [from, to] = [snap(least, false), snap(most, true)];
  return [from, to > from ? to : from * 10];
}

/** @param {number} least @param {number} most */
function ticks(least, most) {
  const values = [];
  for (let power = 10 ** Math.floor(Math.log10(least)); power <= most; power *= 10) {
    for (const step of [1, 2, 5]) values.push(step * power);
  }
  return values.filter((value) => value >= least * 0.999 && value <= most * 1.001);
}

/** @param {number} us */
function label(us) {
  return us >= 1_000
    ? `${Number((us / 1_000).toPrecision(2))} ms`
    : `${Number(us.toPrecision(2))} µs`;
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
