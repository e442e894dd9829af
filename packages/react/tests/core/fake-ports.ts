import type { Lifecycle, Markers } from '../../src/core/ports.ts';

export interface FakeLifecycle extends Lifecycle {
  wake(): void;
  readonly listeners: number;
}

/** A page that is shown, and wakes when the test says so. */
export function createFakeLifecycle(): FakeLifecycle {
  const listeners = new Set<() => void>();
  return {
    isShown: () => true,
    onWake(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    wake: () => listeners.forEach((listener) => listener()),
    get listeners() {
      return listeners.size;
    },
  };
}

export function createFakeMarkers(): Markers {
  const marks = new Map<string, string>();
  return {
    get: (name) => marks.get(name) ?? null,
    set: (name, mark) => void marks.set(name, mark),
    delete: (name) => void marks.delete(name),
  };
}
