/**
 * The plugin numbers anchors of headings in an order of its own, and GitHub in that of the page: a link to
 * `#usedocument-1` led to another heading. So the plugin marks each heading with the anchor that it links to,
 * and here those are replaced by the ones that GitHub makes.
 */

const mark = /^<a id="([^"]+)"><\/a>\n\n(?=#+ )/gm;
const link = /\]\(([\w.-]+\.md)?#([\w-]+)\)/g;

/**
 * Names headings as GitHub does.
 * @returns {(heading: string) => string}
 */
function githubSlugs() {
  /** @type {Map<string, number>} how often a slug was asked for */
  const seen = new Map();
  return (heading) => {
    const plain = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    let slug = plain;
    while (seen.has(slug)) {
      const count = (seen.get(plain) ?? 0) + 1;
      seen.set(plain, count);
      slug = `${plain}-${count}`;
    }
    seen.set(slug, 0);
    return slug;
  };
}

/**
 * @param {string} page
 * @returns {Map<string, string>} the plugin's anchor of each heading, and GitHub's
 */
function anchorsOf(page) {
  const anchors = new Map();
  const slugOf = githubSlugs();
  const code = /^```[^]*?^```$/gm;
  const parts = page.replace(code, '').matchAll(/(?:^<a id="([^"]+)"><\/a>\n\n)?^#+ (.+)$/gm);
  for (const [, anchor, heading = ''] of parts) {
    const slug = slugOf(heading);
    if (anchor) anchors.set(anchor, slug);
  }
  return anchors;
}

/**
 * @param {Map<string, string>} pages by name, with their headings marked
 * @returns {{ pages: Map<string, string>, lost: string[] }} without the marks; and links that lead nowhere
 */
export function linkHeadings(pages) {
  const anchors = new Map([...pages].map(([name, page]) => [name, anchorsOf(page)]));
  /** @type {string[]} */
  const lost = [];
  const linked = [...pages].map(([name, page]) => {
    const text = page.replace(mark, '').replace(link, (all, other = '', anchor) => {
      const target = other || name;
      const slug = anchors.get(target)?.get(anchor);
      if (slug) return `](${other}#${slug})`;
      // What stands in a table keeps its mark.
      if (!pages.get(target)?.includes(`<a id="${anchor}">`)) {
        lost.push(`docs/api/${name}: a link to ${target}#${anchor} leads nowhere.`);
      }
      return all;
    });
    return /** @type {[string, string]} */ ([name, text]);
  });
  return { pages: new Map(linked), lost };
}
