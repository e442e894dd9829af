import { describe, expect, test } from 'vitest';
import { createSlotMap } from '../../src/worker/slot-map.ts';
import { createRandom } from '../storage/crash/workload.ts';

const bitsOf = (bits: Uint32Array) => {
  const slots: number[] = [];
  bits.forEach((word, at) => {
    for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) slots.push(at * 32 + bit);
  });
  return slots;
};

describe('the bits of a namespace', () => {
  test('are those of its documents, while it grows and shrinks', () => {
    const random = createRandom(1);
    const slots = createSlotMap();
    const wanted = new Map<string, Set<number>>([
      ['small', new Set()],
      ['large', new Set()],
    ]);
    let next = 0;
    const check = () => {
      for (const [namespace, held] of wanted) {
        expect(bitsOf(slots.bits(namespace))).toEqual([...held].sort((a, b) => a - b));
        expect(slots.count(namespace)).toBe(held.size);
      }
    };
    const step = (shareOfRemovals: number) => {
      const [namespace, held] = [...wanted][random(10) === 0 ? 0 : 1]!;
      if (held.size > 0 && random(100) < shareOfRemovals) {
        const slot = [...held][random(held.size)]!;
        slots.delete(slot);
        held.delete(slot);
        return;
      }
      slots.set(next, { namespace, id: `d${next}`, pack: 1, row: next });
      held.add(next++);
    };
    for (const shareOfRemovals of [10, 90, 20, 95]) {
      for (let at = 0; at < 3_000; at++) {
        step(shareOfRemovals);
        if (at % 100 === 0) check();
      }
      check();
    }
  });

  test('of a document that was replaced are those of its new slot', () => {
    const slots = createSlotMap();
    slots.set(0, { namespace: 'n', id: 'a', pack: 1, row: 0 });
    slots.delete(0);
    slots.set(40, { namespace: 'n', id: 'a', pack: 2, row: 0 });
    expect(bitsOf(slots.bits('n'))).toEqual([40]);
    expect(bitsOf(slots.bits('other'))).toEqual([]);
  });
});
