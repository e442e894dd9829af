'use client';

import { useState } from 'react';

/** A value that the app may own (`value`) or leave to the component (`defaultValue`). */
export function useControllableValue(
  value: string | undefined,
  defaultValue: string,
): readonly [string, (next: string) => void] {
  const [own, setOwn] = useState(defaultValue);
  return [value ?? own, setOwn];
}
