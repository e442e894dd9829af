'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { ChatMemory, ForgetReceipt, RecalledItem } from '../../memory/types.ts';

const undoMs = 10_000;

/** A turn on its way out of memory, in the place where it stood. */
export interface ForgottenItem {
  readonly item: RecalledItem;
  readonly position: number;
  /**
   * `forgetting` and `restoring` are under way; `forgotten` can be undone; `kept` and `lost`
   * say that forgetting or undoing failed; `restored` waits for the next recall to show it.
   */
  readonly phase: 'forgetting' | 'forgotten' | 'restoring' | 'restored' | 'kept' | 'lost';
}

export interface Forgetting {
  readonly forgotten: readonly ForgottenItem[];
  /** The one whose phase changed last: another object with each change. */
  readonly latest: ForgottenItem | undefined;
  readonly forget: (item: RecalledItem, position: number) => void;
  readonly undo: (id: string) => void;
}

/**
 * Forgetting with undo. The turn leaves memory at once; for ten seconds it can be brought back
 * from what is held here, and after that from nowhere.
 */
export function useForgetting(memory: ChatMemory): Forgetting {
  const [forgotten, setForgotten] = useState<readonly ForgottenItem[]>([]);
  const [latestId, setLatestId] = useState<string | null>(null);
  const receipts = useRef(new Map<string, ForgetReceipt>());
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());

  useEffect(() => {
    const running = timers.current;
    return () => running.forEach((timer) => clearTimeout(timer));
  }, []);

  const setPhase = useCallback((id: string, phase: ForgottenItem['phase']) => {
    setLatestId(id);
    setForgotten((all) => all.map((each) => (each.item.id === id ? { ...each, phase } : each)));
  }, []);

  const dropLater = useCallback((id: string) => {
    const drop = () => {
      receipts.current.delete(id);
      setForgotten((all) => all.filter((each) => each.item.id !== id));
    };
    clearTimeout(timers.current.get(id));
    timers.current.set(id, setTimeout(drop, undoMs));
  }, []);

  const forget = useCallback(
    (item: RecalledItem, position: number) => {
      setLatestId(item.id);
      setForgotten((all) => [
        ...all.filter((each) => each.item.id !== item.id),
        { item, position, phase: 'forgetting' },
      ]);
      memory.forget({ id: item.id }).then(
        (receipt) => {
          receipts.current.set(item.id, receipt);
          setPhase(item.id, 'forgotten');
          dropLater(item.id);
        },
        () => {
          setPhase(item.id, 'kept');
          dropLater(item.id);
        },
      );
    },
    [memory, setPhase, dropLater],
  );

  const undo = useCallback(
    (id: string) => {
      const receipt = receipts.current.get(id);
      if (receipt === undefined) return;
      clearTimeout(timers.current.get(id));
      setPhase(id, 'restoring');
      receipt.undo().then(
        () => {
          setPhase(id, 'restored');
          dropLater(id);
        },
        () => {
          // Still undoable: the receipt holds what was forgotten.
          setPhase(id, 'lost');
          dropLater(id);
        },
      );
    },
    [setPhase, dropLater],
  );

  const latest = forgotten.find(({ item }) => item.id === latestId);
  return { forgotten, latest, forget, undo };
}
