import 'fake-indexeddb/auto';
import { createDexieDriver } from '../../src/storage/dexie-driver.ts';
import { createMemoryDriver } from '../../src/storage/memory-driver.ts';
import { describeDriver } from './driver-contract.ts';
import { describeStore } from './store-contract.ts';

let count = 0;
const createFake = () => createDexieDriver(`test-${count++}`);

describeDriver('memory driver', createMemoryDriver);
describeDriver('Dexie driver on fake-indexeddb', createFake);
describeStore('store in memory', createMemoryDriver);
describeStore('store on fake-indexeddb', createFake);
