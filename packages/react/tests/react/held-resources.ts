/**
 * What a page holds on to, counted where it is made: workers that run, channels that are open, and
 * listeners for the page's sleep and wake. Import it before what it shall see.
 */

const wakeEvents = new Set([
  'visibilitychange',
  'resume',
  'focus',
  'pageshow',
  'online',
  'offline',
]);

const workers = new Set<Worker>();
const channels = new Set<BroadcastChannel>();
let listeners = 0;

globalThis.Worker = class extends Worker {
  constructor(...given: ConstructorParameters<typeof Worker>) {
    super(...given);
    workers.add(this);
  }
  override terminate() {
    workers.delete(this);
    super.terminate();
  }
};

globalThis.BroadcastChannel = class extends BroadcastChannel {
  constructor(name: string) {
    super(name);
    channels.add(this);
  }
  override close() {
    channels.delete(this);
    super.close();
  }
};

type Listening = [type: string, listener: EventListener, options?: AddEventListenerOptions];

for (const target of [window, document] as EventTarget[]) {
  const add = target.addEventListener.bind(target);
  const remove = target.removeEventListener.bind(target);
  const heard = new Map<string, Set<unknown>>();
  target.addEventListener = (...given: Listening) => {
    const [type, listener, options] = given;
    const own = heard.get(type) ?? new Set();
    heard.set(type, own);
    if (wakeEvents.has(type) && !own.has(listener)) listeners += 1;
    own.add(listener);
    add(...given);
    options?.signal?.addEventListener('abort', () => forget(type, listener));
  };
  const forget = (type: string, listener: EventListener) => {
    if (heard.get(type)?.delete(listener) === true && wakeEvents.has(type)) listeners -= 1;
  };
  target.removeEventListener = (...given: Listening) => {
    const [type, listener] = given;
    forget(type, listener);
    remove(...given);
  };
}

/** How many of each there are now; locks are those of the whole origin, workers' included. */
export async function heldResources() {
  const { held = [], pending = [] } = await navigator.locks.query();
  const locks = [...held, ...pending].filter(({ name }) => name?.startsWith('akin'));
  return {
    workers: workers.size,
    channels: channels.size,
    listeners,
    locks: locks.length,
  };
}

/** Deletes the database of an index, and tells whether a connection stood in the way. */
export function deleteDatabase(indexName: string): Promise<'deleted' | 'blocked'> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(`akin/${indexName}`);
    request.onsuccess = () => resolve('deleted');
    request.onblocked = () => resolve('blocked');
    request.onerror = () => reject(request.error ?? new Error('It could not be deleted.'));
  });
}
