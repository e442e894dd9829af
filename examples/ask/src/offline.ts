import { useQuery } from '@tanstack/react-query';

/** One of each kind of file that the app cannot start without. */
const needed = [/\.html$/, /\.js$/, /\.wasm$/, /\.onnx$/, /corpus\.json$/];

/**
 * Whether the next visit works without a network. The service worker is registered when the model
 * is here, so that it takes the large files from the browser's cache, not from the network again.
 */
export function useWorksOffline(isModelReady: boolean): boolean {
  const { data = false } = useQuery({
    queryKey: ['works-offline'],
    queryFn: prepareOffline,
    enabled: isModelReady && 'serviceWorker' in navigator && import.meta.env.PROD,
    networkMode: 'always',
    staleTime: Infinity,
    retry: false,
  });
  return data;
}

async function prepareOffline(): Promise<boolean> {
  // Without a network, registering fails where the check for a newer version does.
  await navigator.serviceWorker.register('/sw.js').catch(() => undefined);
  // It becomes active after everything is cached.
  await navigator.serviceWorker.ready;
  const cached: string[] = [];
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    cached.push(...requests.map(({ url }) => new URL(url).pathname));
  }
  return needed.every((pattern) => cached.some((path) => pattern.test(path)));
}
