'use client';

import { useEffect, useState } from 'react';
import type { NamespaceInfo, VectorIndex } from '../core/types.ts';

/** Between two looks, while documents stream in. */
const LOOK_MS = 1_000;

/** The namespaces of an index that is open; `null` until they are known. Never opens an index. */
export function useNamespaceCounts(index: VectorIndex): readonly NamespaceInfo[] | null {
  const [seen, setSeen] = useState<{
    readonly of: VectorIndex;
    readonly namespaces: readonly NamespaceInfo[];
  } | null>(null);

  useEffect(() => {
    let isLeft = false;
    let seenRevision = -1;
    const look = async () => {
      const { state, revision } = index.status.get();
      if (state !== 'ready' || revision === seenRevision) return;
      seenRevision = revision;
      try {
        const namespaces = await index.namespaces();
        if (!isLeft) setSeen({ of: index, namespaces });
      } catch {
        // Its state says why.
        seenRevision = -1;
      }
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => {
      isLeft = true;
      clearInterval(timer);
    };
  }, [index]);

  return seen?.of === index ? seen.namespaces : null;
}
