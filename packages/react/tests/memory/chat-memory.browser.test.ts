import { describe, expect, test } from 'vitest';
import { acquireVectorIndex } from '../../src/core/index.ts';
import { createChatMemory, type TurnMetadata } from '../../src/index.ts';
import { testOptions } from '../react/test-index.ts';
import { watchedEmbedder } from '../react/watched-embedder.ts';

const told = [
  { id: '1', role: 'user', text: 'my dog is called Pepper', createdAt: 1000 },
  { id: '2', role: 'assistant', text: 'a good name for a dog', createdAt: 2000 },
  { id: '3', role: 'user', text: 'the deadline is in March', createdAt: 3000 },
] as const;

function setUp() {
  const embedder = watchedEmbedder();
  const index = acquireVectorIndex<TurnMetadata>(testOptions(embedder));
  const memory = createChatMemory(index, { namespace: 'ann', threadId: 'monday' });
  return { embedder, index, memory };
}

describe('createChatMemory', () => {
  test('remembers turns and recalls those that a text is about', async () => {
    const { memory } = setUp();
    expect(await memory.remember(told)).toHaveLength(3);
    expect(await memory.count()).toBe(3);
    const [best] = await memory.recall('what is my dog called', { k: 1 });
    expect(best).toMatchObject({ ...told[0], threadId: 'monday' });
    expect(best?.score).toBeGreaterThan(0.25);
  });

  test('leaves out blank turns, and says when a turn has no time', async () => {
    const { memory } = setUp();
    const before = Date.now();
    const items = await memory.remember([
      { id: 'a', role: 'user', text: ' \n' },
      { id: 'b', role: 'user', text: 'boats' },
    ]);
    expect(items.map(({ id }) => id)).toEqual(['b']);
    expect(items[0]?.createdAt).toBeGreaterThanOrEqual(before);
    expect(await memory.count()).toBe(1);
    expect(await memory.remember({ id: 'c', role: 'user', text: '' })).toEqual([]);
  });

  test('remembering an id again replaces the turn', async () => {
    const { memory } = setUp();
    await memory.remember(told[0]);
    await memory.remember({ ...told[0], text: 'my dog is called Salt' });
    expect(await memory.count()).toBe(1);
    const items = await memory.recall('the dog is called');
    expect(items.map(({ text }) => text)).toEqual(['my dog is called Salt']);
  });

  test('a blank question recalls nothing and asks nobody', async () => {
    const { memory, embedder } = setUp();
    await memory.remember(told);
    embedder.calls.length = 0;
    expect(await memory.recall('  ')).toEqual([]);
    expect(embedder.calls).toEqual([]);
  });

  test('what is excluded uses up no place, however much it is', async () => {
    const { memory } = setUp();
    const many = Array.from({ length: 60 }, (_, at) => ({
      id: `n${at}`,
      role: 'user' as const,
      text: `boats on river ${at}`,
    }));
    await memory.remember(many);
    const exclude = many.slice(0, 57).map(({ id }) => id);
    const items = await memory.recall('boats on a river', { k: 3, exclude });
    expect(items.map(({ id }) => id).sort()).toEqual(['n57', 'n58', 'n59']);
  });

  test('the question, asked before in the same words, is not its own answer', async () => {
    const { memory } = setUp();
    await memory.remember(told);
    await memory.remember({ id: 'q', role: 'user', text: 'What is my dog  called?' });
    const items = await memory.recall('what is my dog called?');
    expect(items[0]?.id).toBe('1');
    expect(items.map(({ id }) => id)).not.toContain('q');
  });

  test('a statement stands before a question and a reply that are as close', async () => {
    const { memory } = setUp();
    await memory.remember([
      { id: 'question', role: 'user', text: 'Our boat is green?' },
      { id: 'reply', role: 'assistant', text: 'Our boat is green!' },
      { id: 'statement', role: 'user', text: 'Our boat is green.' },
    ]);
    const items = await memory.recall('which colour is our boat, green');
    expect(items.map(({ id }) => id)).toEqual(['statement', 'reply', 'question']);
    expect(new Set(items.map(({ score }) => score)).size).toBe(1);
  });

  test('minScore leaves out what does not resemble', async () => {
    const { memory } = setUp();
    await memory.remember(told);
    expect(await memory.recall('zeppelins')).toEqual([]);
    expect(await memory.recall('zeppelins', { minScore: -1 })).toHaveLength(3);
  });

  test('what is forgotten is gone, also for one who opens the index anew', async () => {
    const { memory, index } = setUp();
    await memory.remember(told);
    const receipt = await memory.forget({ id: '1' });
    expect(receipt.removed).toBe(1);
    const ids = async () =>
      (await memory.recall('what is my dog called', { minScore: -1 })).map(({ id }) => id);
    expect(await ids()).not.toContain('1');
    expect(await index.get('1', { namespace: 'ann' })).toBeUndefined();
    await (index as unknown as { suspend(): Promise<void> }).suspend();
    expect(await ids()).not.toContain('1');
    expect(await memory.count()).toBe(2);
  });

  test('undo brings it back as it was, without embedding anything', async () => {
    const { memory, embedder } = setUp();
    await memory.remember(told);
    const receipt = await memory.forget({ ids: ['1', '3', 'never-there'] });
    expect([receipt.removed, await memory.count()]).toEqual([2, 1]);
    embedder.calls.length = 0;
    await receipt.undo();
    expect(embedder.calls).toEqual([]);
    expect(await memory.count()).toBe(3);
    const [best] = await memory.recall('what is my dog called');
    expect(best).toMatchObject({ ...told[0], threadId: 'monday' });
  });

  test('forgetting what is not there removes nothing and can be undone', async () => {
    const { memory } = setUp();
    const receipt = await memory.forget({ id: 'nobody' });
    expect(receipt.removed).toBe(0);
    await receipt.undo();
    expect(await memory.count()).toBe(0);
  });

  test('namespaces know nothing of each other; conversations of one share its memory', async () => {
    const { index, memory } = setUp();
    const tuesday = createChatMemory(index, { namespace: 'ann', threadId: 'tuesday' });
    const ben = createChatMemory(index, { namespace: 'ben', threadId: 'monday' });
    await memory.remember(told);
    await ben.remember({ ...told[0], text: 'my dog is called Rex' });

    expect((await tuesday.recall('what is my dog called'))[0]).toMatchObject({
      text: told[0].text,
      threadId: 'monday',
    });
    expect((await ben.recall('what is my dog called')).map(({ text }) => text)).toEqual([
      'my dog is called Rex',
    ]);
    await ben.forget({ id: '1' });
    expect([await memory.count(), await ben.count()]).toEqual([3, 0]);
  });

  test('forgetting everything spares other namespaces, and says that it is for good', async () => {
    const { index, memory } = setUp();
    const ben = createChatMemory(index, { namespace: 'ben', threadId: 'monday' });
    await memory.remember(told);
    await ben.remember(told);
    const receipt = await memory.forget({ all: true });
    expect([receipt.removed, await memory.count(), await ben.count()]).toEqual([3, 0, 3]);
    await expect(receipt.undo()).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('everything is forgotten only where that is what is said', async () => {
    const { memory } = setUp();
    await memory.remember(told);
    const target = { all: false, ids: ['1'] } as unknown as { ids: string[] };
    expect((await memory.forget(target)).removed).toBe(1);
    expect(await memory.count()).toBe(2);
  });

  test('a recall can be cancelled', async () => {
    const { memory, embedder } = setUp();
    await memory.remember(told);
    embedder.hold();
    const controller = new AbortController();
    const recalled = memory.recall('dog', { signal: controller.signal });
    controller.abort();
    await expect(recalled).rejects.toMatchObject({ code: 'aborted' });
    embedder.release();
  });
});
