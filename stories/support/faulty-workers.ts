import indexWorkerUrl from '../../packages/react/dist/worker/entry.js?worker&url';

/** The real index worker, in a scope that some lines of JavaScript have changed before. */
export function workerAfter(source: string): Worker {
  const entry = new URL(indexWorkerUrl, document.baseURI).href;
  // Modules are evaluated in the order in which they are imported.
  const url = moduleUrl(
    `import ${JSON.stringify(moduleUrl(source))}; import ${JSON.stringify(entry)};`,
  );
  return new Worker(url, { type: 'module' });
}

function moduleUrl(source: string): string {
  return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
}

export const workerWithoutWebAssembly = (): Worker => workerAfter('delete globalThis.WebAssembly;');

/** As in windows where the browser stores nothing. */
export const workerWithoutStorage = (): Worker =>
  workerAfter(`IDBFactory.prototype.open = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };`);

/** Finds no room for the document of this id the first time, and then does. */
export const workerShortOfRoom = (id: string): Worker =>
  workerAfter(`const { put } = IDBObjectStore.prototype;
  let isFull = true;
  IDBObjectStore.prototype.put = function (row, ...key) {
    if (isFull && row.id === ${JSON.stringify(id)}) {
      isFull = false;
      throw new DOMException('Quota exceeded.', 'QuotaExceededError');
    }
    return put.call(this, row, ...key);
  };`);

/** Ends whenever it is asked to open an index with the engine. */
export const workerWithBrokenEngine = (): Worker =>
  workerAfter(`addEventListener('message', ({ data }) => {
    if (data.kind === 'open' && !data.payload.isDegraded) throw new RangeError('Out of memory.');
  });`);
