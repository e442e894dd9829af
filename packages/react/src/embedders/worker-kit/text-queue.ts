import type { Purpose, WireText } from './protocol.ts';

/** Texts that wait: queries before documents, otherwise in the order they came. */
export interface TextQueue {
  push(purpose: Purpose, texts: readonly WireText[]): void;
  take(): { readonly purpose: Purpose; readonly text: WireText } | undefined;
  remove(ids: readonly number[]): void;
}

/** Insertion order is a Map's order, so taking and removing cost the same at any length. */
export function createTextQueue(): TextQueue {
  const lanes = [
    { purpose: 'query', waiting: new Map<number, WireText>() },
    { purpose: 'document', waiting: new Map<number, WireText>() },
  ] as const;
  return {
    push(purpose, texts) {
      const { waiting } = purpose === 'query' ? lanes[0] : lanes[1];
      for (const text of texts) waiting.set(text.id, text);
    },
    take() {
      for (const { purpose, waiting } of lanes) {
        for (const text of waiting.values()) {
          waiting.delete(text.id);
          return { purpose, text };
        }
      }
      return undefined;
    },
    remove(ids) {
      for (const id of ids) {
        for (const { waiting } of lanes) waiting.delete(id);
      }
    },
  };
}
