/** How long the network may take to tell what is wrong with a script. */
const ASK_MS = 2_000;

/**
 * What is wrong with the script of a worker that fired `error` and said no more: browsers do not tell a
 * page whether it was missing or something else. So it is asked for once more.
 *
 * @param spawn what started the worker. Nothing but that: it is called again.
 * @returns the end of the sentence "The script …", or `undefined` if nothing is found
 */
export async function whyNotLoaded(spawn: () => Worker): Promise<string | undefined> {
  const address = addressOf(spawn);
  return address && whatComesOf(address).catch(() => undefined);
}

/**
 * Where a worker would come from, without starting one. Bundlers recognise `new Worker(new URL(…))` only
 * when it is written in one, and keep the address to themselves: for this call a constructor that
 * starts nothing stands in for the browser's.
 */
function addressOf(spawn: () => Worker): string | undefined {
  const real = globalThis.Worker;
  let address: string | undefined;
  const stand = function (url: string | URL) {
    address = new URL(url, document.baseURI).href;
  };
  try {
    globalThis.Worker = stand as unknown as typeof Worker;
    spawn();
  } catch {
    // The globals are frozen, or the bundler starts workers in a way of its own.
  } finally {
    if (globalThis.Worker !== real) globalThis.Worker = real;
  }
  return address;
}

async function whatComesOf(address: string): Promise<string | undefined> {
  const { protocol, origin, pathname } = new URL(address);
  if (!/^https?:$/.test(protocol)) return undefined;
  const { ok, status, headers, body } = await fetch(address, {
    credentials: 'same-origin',
    signal: AbortSignal.timeout(ASK_MS),
  });
  void body?.cancel();
  // Query strings may hold keys.
  const place = `${origin}${pathname}`;
  if (!ok) return `was answered with status ${status} (${place})`;
  const type = headers.get('content-type') ?? 'no type';
  if (!/javascript|ecmascript/i.test(type)) {
    return `came as ${type}, which is not JavaScript (${place})`;
  }
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  if (crossOriginIsolated && !headers.has('cross-origin-embedder-policy')) {
    return `came without Cross-Origin-Embedder-Policy, which this page has (${place})`;
  }
  return undefined;
}
