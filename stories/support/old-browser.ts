import indexWorkerUrl from '../../packages/react/dist/worker/entry.js?worker&url';

/** The real index worker, in a scope without WebAssembly. */
export function workerWithoutWebAssembly(): Worker {
  const removal = moduleUrl('delete globalThis.WebAssembly;');
  const entry = new URL(indexWorkerUrl, document.baseURI).href;
  // Modules are evaluated in the order in which they are imported.
  const url = moduleUrl(`import ${JSON.stringify(removal)}; import ${JSON.stringify(entry)};`);
  return new Worker(url, { type: 'module' });
}

function moduleUrl(source: string): string {
  return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
}
