/** Before anything else on the page: counts the workers and channels that it has now. */

/* global window, Worker, BroadcastChannel */

const held = { workers: new Set(), mostWorkers: 0, channels: new Set() };
window.held = held;

window.Worker = class extends Worker {
  constructor(...given) {
    super(...given);
    held.workers.add(this);
    held.mostWorkers = Math.max(held.mostWorkers, held.workers.size);
  }
  terminate() {
    held.workers.delete(this);
    super.terminate();
  }
};

window.BroadcastChannel = class extends BroadcastChannel {
  constructor(name) {
    super(name);
    held.channels.add(this);
  }
  close() {
    held.channels.delete(this);
    super.close();
  }
};
