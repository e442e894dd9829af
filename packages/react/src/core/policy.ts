import { VectorIndexError } from './errors.ts';

/** How long the report of a violation may come after the failure that it explains. */
export const VIOLATION_MS = 100;

/** In the words of Chromium (two of them), Firefox and WebKit. */
const REFUSAL = /content security policy|\bcsp\b|unsafe-eval|disallowed by embedder/i;

/** What is refused inside a script, which no worker's address is. */
const NO_ADDRESS = /^(inline|eval|wasm-eval|trusted-types)/;

/**
 * Notes what the Content Security Policy of this page, or of this worker, refuses.
 *
 * @param directives such as `worker-src`, which is said also where the policy has no more than `default-src`
 * @returns stops watching, and answers the first address that was refused: see {@link sourceOf}
 */
export function watchViolations(directives: readonly string[]): () => string | null {
  let first: string | null = null;
  const target = (typeof document === 'undefined' ? globalThis : document) as Partial<EventTarget>;
  const note = (event: Event) => {
    const { effectiveDirective, blockedURI, disposition } = event as SecurityPolicyViolationEvent;
    if (disposition === 'report' || NO_ADDRESS.test(blockedURI)) return;
    // `script-src-elem` is a `script-src` as well.
    if (directives.some((name) => effectiveDirective.startsWith(name))) {
      first ??= blockedURI;
    }
  };
  target.addEventListener?.('securitypolicyviolation', note);
  return () => {
    target.removeEventListener?.('securitypolicyviolation', note);
    return first;
  };
}

/** What a directive has to list for an address: `'self'`, `blob:` or an origin. */
export function sourceOf(blockedUri: string): string {
  if (/^(blob|data)(:|$)/.test(blockedUri)) return `${blockedUri.split(':', 1)[0]}:`;
  try {
    const { origin } = new URL(blockedUri);
    return origin === location.origin ? "'self'" : origin;
  } catch {
    return "'self'";
  }
}

/** @param what ends the sentence "The Content Security Policy …" */
export function policyError(what: string, hint: string, cause?: unknown): VectorIndexError {
  return new VectorIndexError('csp', `The Content Security Policy ${what}.`, hint, cause);
}

/** Whether a policy is why it was thrown, or why what it was thrown for was. */
export function isPolicyError(error: unknown): boolean {
  for (let current = error, depth = 0; depth < 4; depth++) {
    if (!(current instanceof Error)) return false;
    if (REFUSAL.test(current.message)) return true;
    current = current.cause;
  }
  return false;
}
