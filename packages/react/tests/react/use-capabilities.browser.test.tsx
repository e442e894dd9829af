import { act, renderHook, waitFor } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { describe, expect, test, vi } from 'vitest';
import { useCapabilities } from '../../src/index.ts';
import { modes } from './wrapper.tsx';

describe.each(modes)('useCapabilities %s', (_, Mode) => {
  test('tells what this browser can do, and how much room there is', async () => {
    const { result } = renderHook(() => useCapabilities(), { wrapper: Mode });
    expect(result.current).toMatchObject({
      simd: true,
      workers: true,
      indexedDB: true,
      locks: true,
      online: true,
    });
    await waitFor(() => expect(result.current?.quotaBytes).toBeGreaterThan(0));
    expect(result.current?.persisted).toBeTypeOf('boolean');
  });

  test('follows the network', () => {
    const { result } = renderHook(() => useCapabilities(), { wrapper: Mode });
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    act(() => void window.dispatchEvent(new Event('offline')));
    expect(result.current?.online).toBe(false);
    onLine.mockRestore();
    act(() => void window.dispatchEvent(new Event('online')));
    expect(result.current?.online).toBe(true);
  });

  test('says nothing on a server', () => {
    const Page = () => <p>{useCapabilities() === null ? 'unknown' : 'known'}</p>;
    expect(renderToString(<Page />)).toBe('<p>unknown</p>');
  });
});
