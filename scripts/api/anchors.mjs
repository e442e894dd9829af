/**
 * The plugin numbers anchors of headings in an order of its own, and GitHub in that of the page: a link to
 * `#usedocument-1` led to another heading. So the plugin marks each heading with the anchor that it links to,
 * and here those are replaced by the ones that GitHub makes.
 */
import GithubSlugger from 'github-slugger';

const mark = /^<a id="([^"]+)"><\/a>\n\n(?=#+ )/gm;
const link = /\]\(([\w.-]+\.md)?#([\w-]+)\)/g;

/**
 * @param {string} page
 * @returns {Map<string, string>} the plugin's anchor of each heading, and GitHub's
 */
function anchorsOf(page) {
  const anchors = new Map();
  const slugger = new GithubSlugger();
  const code = /^```[^]*?^```$/gm;
  const parts = page.replace(code, '').matchAll(/(?:^<a id="([^"]+)"><\/a>\n\n)?^#+ (.+)$/gm);
  for (const [, anchor, heading = ''] of parts) {
    const slug = slugger.slug(heading);
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
