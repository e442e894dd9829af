import { expect, test } from 'vitest';
import { createSerialQueue } from '../../src/worker/serial-queue.ts';

test('what fails, even before it returns a promise, fails alone', async () => {
  const queue = createSerialQueue();
  const order: string[] = [];
  const task = (name: string) => async () => {
    await Promise.resolve();
    order.push(name);
    return name;
  };
  const first = queue.run(task('first'));
  const thrown = queue.run(() => {
    throw new Error('at once');
  });
  const rejected = queue.run(() => Promise.reject(new Error('later')));
  const last = queue.run(task('last'));
  const next = [queue.runNext(task('next')), queue.runNext(task('next but one'))];
  await expect(thrown).rejects.toThrow('at once');
  await expect(rejected).rejects.toThrow('later');
  const names = ['first', 'next', 'next but one', 'last'];
  expect(await Promise.all([first, ...next, last])).toEqual(names);
  expect(order).toEqual(names);
});

test('what goes on next is ahead of what waits, and behind what came there before', async () => {
  const queue = createSerialQueue();
  const order: string[] = [];
  const task = (name: string) => () => {
    order.push(name);
    return Promise.resolve();
  };
  const steps = async () => {
    await queue.run(task('step 1'));
    await queue.runNext(task('step 2'));
    await queue.runNext(task('step 3'));
  };
  await Promise.all([steps(), queue.run(task('other')), queue.runNext(task('urgent'))]);
  expect(order).toEqual(['step 1', 'urgent', 'step 2', 'step 3', 'other']);
});
