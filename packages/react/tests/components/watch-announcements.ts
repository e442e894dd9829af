/** What the live region inside an element says from now on. The same again counts once it was empty. */
export function watchAnnouncements(element: Element): readonly string[] {
  const region = element.querySelector('[role=status]')!;
  const said: string[] = [];
  let last = region.textContent;
  const note = () => {
    if (region.textContent !== last && region.textContent !== '') said.push(region.textContent);
    last = region.textContent;
  };
  new MutationObserver(note).observe(region, {
    childList: true,
    subtree: true,
    characterData: true,
  });
  return said;
}
