/* global AbortSignal */

/**
 * Waits until a server answers.
 * @param {string} url
 * @param {Promise<number>} ended the server's end, which is not to come before
 * @param {number} timeoutMs
 */
export async function waitForServer(url, ended, timeoutMs) {
  /** @type {number | undefined} */
  let code;
  void ended.then((ending) => (code = ending));
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (code !== undefined) throw new Error(`It ended with code ${code}.`);
    const answer = await fetch(url, { signal: AbortSignal.timeout(30_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    if (performance.now() > deadline) throw new Error(`${url} was not served in time.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
