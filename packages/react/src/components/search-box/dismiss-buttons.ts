/**
 * Names the two buttons that Base UI puts around an open popup for screen readers, before the input and after the
 * popup: it has English for them and takes no other.
 */
export function nameDismissButtons(
  name: string,
  input: HTMLElement | null,
  popup: HTMLElement | null,
): void {
  input?.previousElementSibling?.setAttribute('aria-label', name);
  popup?.nextElementSibling?.setAttribute('aria-label', name);
}
