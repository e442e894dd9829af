/** A search box as an app writes one, and a clock at both ends of it: the key and the rendered answer. */
import { skipToken } from '@tanstack/react-query';
import { createVectorIndex, useSimilar, VectorIndexProvider } from '@akin/react';
import { useLayoutEffect, useState, type ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import { vectorOf, vectorOfText } from './vectors.ts';

/** Not in TypeScript's DOM yet. */
interface LongAnimationFrame extends PerformanceEntry {
  readonly scripts: readonly { readonly duration: number; readonly sourceURL: string }[];
}

const index = createVectorIndex({ name: 'react-speed', dimensions: 384 });

let keyAt = 0;
addEventListener('keydown', ({ timeStamp }) => (keyAt = timeStamp), { capture: true });

/** Texts that were typed and not answered yet, with the time of their key. */
const asked = new Map<string, number>();
const renderedMs: number[] = [];
const paintedMs: number[] = [];
const longFrames: { durationMs: number; ownScriptMs: number }[] = [];

new PerformanceObserver((list) => {
  for (const entry of list.getEntries() as LongAnimationFrame[]) {
    const own = entry.scripts.filter(({ sourceURL }) => sourceURL.startsWith(location.origin));
    const ownScriptMs = own.reduce((sum, { duration }) => sum + duration, 0);
    longFrames.push({ durationMs: entry.duration, ownScriptMs });
  }
}).observe({ type: 'long-animation-frame' });

function answered(text: string): void {
  const askedAt = asked.get(text);
  if (askedAt === undefined) return;
  asked.delete(text);
  renderedMs.push(performance.now() - askedAt);
  requestAnimationFrame(() => {
    // A task after the frame: by then it is painted.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      paintedMs.push(performance.now() - askedAt);
      port1.close();
    };
    port2.postMessage(null);
  });
}

function Search(): ReactElement {
  const [text, setText] = useState('');
  const { data, isPlaceholderData } = useSimilar({
    query: text === '' ? skipToken : vectorOfText(text),
    k: 10,
  });
  useLayoutEffect(() => {
    if (data !== undefined && !isPlaceholderData) answered(text);
  }, [data, isPlaceholderData, text]);
  return (
    <>
      <input
        id="query"
        value={text}
        onChange={({ target }) => {
          if (target.value !== '') asked.set(target.value, keyAt);
          setText(target.value);
        }}
      />
      <ol>
        {data?.hits.map(({ id, score }) => (
          <li key={id}>
            {id} {score.toFixed(3)}
          </li>
        ))}
      </ol>
    </>
  );
}

const documentsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    id: `d${first + at}`,
    vector: vectorOf(first + at),
  }));

let prepared: ReturnType<typeof documentsFrom> = [];
let inserting: Promise<unknown> = Promise.resolve();
let isInserting = false;

const page = {
  async fill(count: number) {
    for (let first = 0; first < count; first += 5_000) {
      await index.insert(documentsFrom(first, Math.min(5_000, count - first)));
    }
  },
  status: () => index.status.get(),
  /** Before the clock runs: an app has its vectors. */
  prepare(first: number, count: number) {
    prepared = documentsFrom(first, count);
  },
  insertPrepared() {
    isInserting = true;
    inserting = index.insert(prepared).finally(() => (isInserting = false));
    inserting.catch(() => undefined);
  },
  isInserting: () => isInserting,
  /** What was measured since the last call. */
  take() {
    const taken = {
      renderedMs: renderedMs.splice(0),
      paintedMs: paintedMs.splice(0),
      longFrames: longFrames.splice(0),
      unanswered: asked.size,
    };
    asked.clear();
    return taken;
  },
  clockMs: () => {
    // The steps of the clock: 5 µs in an isolated page, 100 µs elsewhere.
    const readings = Array.from({ length: 10_000 }, () => performance.now());
    const steps = readings.map((at, n) => at - (readings[n - 1] ?? at)).filter((step) => step > 0);
    return Math.min(...steps);
  },
};

export type SpeedPage = typeof page;
Object.assign(window, { page });

createRoot(document.getElementById('root')!).render(
  <VectorIndexProvider index={index}>
    <Search />
  </VectorIndexProvider>,
);
