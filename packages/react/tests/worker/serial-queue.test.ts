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
  const next = queue.runNext(task('next'));
  await expect(thrown).rejects.toThrow('at once');
  await expect(rejected).rejects.toThrow('later');
  expect(await Promise.all([first, next, last])).toEqual(['first', 'next', 'last']);
  expect(order).toEqual(['first', 'next', 'last']);
});
