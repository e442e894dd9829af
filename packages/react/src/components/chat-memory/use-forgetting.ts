'use client';

import { useCallback, useMemo, useRef, useState } from 'react';
import type { ChatMemory, ForgetReceipt, RecalledItem } from '../../memory/types.ts';

const undoMs = 10_000;

/** A turn on its way out of memory, in the place where it stood. */
export interface ForgottenItem {
  /** The memory that it leaves. */
  readonly of: ChatMemory;
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
  readonly undo: (item: RecalledItem) => void;
}

/**
 * Forgetting with undo. The turn leaves memory at once; for ten seconds it can be brought back
 * from what is held here, and after that from nowhere.
 */
export function useForgetting(memory: ChatMemory): Forgetting {
  // By object: another memory may have a turn with the same id.
  const [all, setAll] = useState<readonly ForgottenItem[]>([]);
  const [latestItem, setLatestItem] = useState<RecalledItem | null>(null);
  const receipts = useRef(new Map<RecalledItem, ForgetReceipt>());
  const timers = useRef(new Map<RecalledItem, ReturnType<typeof setTimeout>>());

  const setPhase = useCallback((item: RecalledItem, phase: ForgottenItem['phase']) => {
    setLatestItem(item);
    setAll((before) => before.map((each) => (each.item === item ? { ...each, phase } : each)));
  }, []);

  // Not ended with the component: what is held goes in time also while `<Activity>` hides it.
  const dropLater = useCallback((item: RecalledItem) => {
    const drop = () => {
      receipts.current.delete(item);
      timers.current.delete(item);
      setAll((before) => before.filter((each) => each.item !== item));
    };
    clearTimeout(timers.current.get(item));
    timers.current.set(item, setTimeout(drop, undoMs));
  }, []);

  const forget = useCallback(
    (item: RecalledItem, position: number) => {
      setLatestItem(item);
      setAll((before) => [
        ...before.filter((each) => each.of !== memory || each.item.id !== item.id),
        { of: memory, item, position, phase: 'forgetting' },
      ]);
      memory.forget({ id: item.id }).then(
        (receipt) => {
          receipts.current.set(item, receipt);
          setPhase(item, 'forgotten');
          dropLater(item);
        },
        () => {
          setPhase(item, 'kept');
          dropLater(item);
        },
      );
    },
    [memory, setPhase, dropLater],
  );

  const undo = useCallback(
    (item: RecalledItem) => {
      const receipt = receipts.current.get(item);
      if (receipt === undefined) return;
      clearTimeout(timers.current.get(item));
      setPhase(item, 'restoring');
      receipt.undo().then(
        () => {
          setPhase(item, 'restored');
          dropLater(item);
        },
        () => {
          // Still undoable: the receipt holds what was forgotten.
          setPhase(item, 'lost');
          dropLater(item);
        },
      );
    },
    [setPhase, dropLater],
  );

  const forgotten = useMemo(() => all.filter(({ of }) => of === memory), [all, memory]);
  const latest = forgotten.find(({ item }) => item === latestItem);
  return { forgotten, latest, forget, undo };
}
