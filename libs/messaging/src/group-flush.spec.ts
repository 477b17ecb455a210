// oxlint-disable-next-line no-restricted-imports -- a turn of the event loop, and flushes that take a while
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { createGroupFlush } from './group-flush.js';
import { GiveUp } from './message-context.js';
import { MessageTooLarge } from './refusals.js';

function flusher(settings: { maxItems?: number; maxWaitMs?: number; concurrency?: number } = {}) {
  const flushes: { items: number[]; done: () => void; fail: (error: Error) => void }[] = [];
  const group = createGroupFlush<number>({
    maxItems: 3,
    ...settings,
    flush: (items) => new Promise((done, fail) => void flushes.push({ items, done, fail })),
  });
  return { group, flushes, items: () => flushes.map(({ items }) => items) };
}

test('one flush is in flight; what gathers meanwhile goes together, up to its bound', async () => {
  const { group, flushes, items } = flusher();
  const all = [group.add(1), group.add(2)];
  await turn();
  all.push(...[3, 4, 5, 6].map((item) => group.add(item)));
  await turn();
  expect(items()).toEqual([[1, 2]]);
  flushes[0]!.done();
  await turn();
  expect(items()).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
  flushes[1]!.done();
  await turn();
  flushes[2]!.done();
  await Promise.all(all);
  expect(group.size).toBe(0);
});

test('a failed flush rejects its own items, and the next goes on', async () => {
  const { group, flushes } = flusher({ maxItems: 1 });
  const [bad, good] = [group.add(1), group.add(2)];
  await turn();
  flushes[0]!.fail(new Error('no'));
  await expect(bad).rejects.toThrow('no');
  flushes[1]!.done();
  await good;
});

test('with a wait, a flush that is not full waits for company; a full one does not', async () => {
  const { group, flushes, items } = flusher({ maxWaitMs: 20 });
  const lone = group.add(1);
  await turn();
  expect(items()).toEqual([]);
  await wait(30);
  expect(items()).toEqual([[1]]);
  flushes[0]!.done();
  await lone;
  const full = Promise.all([2, 3, 4].map((item) => group.add(item)));
  await turn();
  expect(items()).toEqual([[1], [2, 3, 4]]);
  flushes[1]!.done();
  await full;
});

test('what came while a flush was in flight waits its time as well', async () => {
  const { group, flushes, items } = flusher({ maxWaitMs: 30 });
  const first = Promise.all([1, 2, 3].map((item) => group.add(item)));
  await turn();
  const late = group.add(4);
  flushes[0]!.done();
  await first;
  const later = group.add(5);
  expect(items()).toEqual([[1, 2, 3]]);
  await wait(40);
  expect(items()).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
  flushes[1]!.done();
  await Promise.all([late, later]);
});

test('more flushes in flight where that is asked for', async () => {
  const { group, flushes, items } = flusher({ maxItems: 1, concurrency: 2 });
  const all = [1, 2, 3].map((item) => group.add(item));
  await turn();
  expect(items()).toEqual([[1], [2]]);
  for (const { done } of flushes) done();
  await turn();
  flushes[2]!.done();
  await Promise.all(all);
});

test('tells the longest way through it since it was asked last, the one that is still going on included', async () => {
  const { group, flushes } = flusher();
  expect(group.takeSlowestMs()).toBeUndefined();
  const first = group.add(1);
  await turn();
  await wait(20);
  flushes[0]!.done();
  await first;
  const second = group.add(2);
  expect([group.size, group.held]).toEqual([1, 1]);
  await turn();
  expect([group.size, group.held]).toEqual([0, 1]);
  expect(group.takeSlowestMs()).toBeGreaterThanOrEqual(19);
  await wait(10);
  expect(group.takeSlowestMs()).toBeGreaterThanOrEqual(9);
  flushes[1]!.fail(new Error('away'));
  await expect(second).rejects.toThrow('away');
  group.takeSlowestMs();
  expect([group.takeSlowestMs(), group.held]).toEqual([undefined, 0]);
});

test.each([new GiveUp('x', 'no'), new MessageTooLarge('row.joined', 300_000)])(
  'where one item is at fault only that one fails: %s',
  async (fault) => {
    const flushed: number[][] = [];
    const group = createGroupFlush<number>({
      maxItems: 100,
      flush: async (items) => {
        if (items.includes(7)) throw fault;
        flushed.push(items);
      },
    });
    const items = Array.from({ length: 20 }, (_, i) => i);
    const results = await Promise.allSettled(items.map((item) => group.add(item)));
    expect(results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([7]);
    expect((results[7] as PromiseRejectedResult).reason).toBe(fault);
    expect(flushed.flat().toSorted((a, b) => a - b)).toEqual(items.filter((item) => item !== 7));
    // Halves of 20: the item is found in five steps, not by twenty flushes.
    expect(flushed.length).toBeLessThanOrEqual(5);
    expect(group.held).toBe(0);
    await group.add(21);
  },
);
