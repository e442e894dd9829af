import { useVectorIndexStatus } from '@akin/react';
import { useEffect } from 'react';

/**
 * Makes the next visit work without a network. Registered once the model is here, so that its
 * files come from the browser's cache, not over the network again.
 */
export function useOffline(): void {
  const isModelReady = useVectorIndexStatus(({ embedder }) => embedder?.state === 'ready');
  useEffect(() => {
    if (!isModelReady || !import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    // Without a network, only the check for a newer version fails.
    navigator.serviceWorker.register('/sw.js').catch(() => undefined);
  }, [isModelReady]);
}
