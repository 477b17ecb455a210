import { EntryQueue, type Entry } from './entry-queue.js';

function entry(): Entry {
  return {
    lane: 'bulk',
    arrivedAt: 0,
    units: 1,
    alone: false,
    queued: false,
    gone: false,
    waits: () => true,
  };
}

test('those that gave up behind one that waits long take no room for ever', () => {
  const queue = new EntryQueue<Entry>();
  const [first, last] = [entry(), entry()];
  queue.push(first);
  for (let n = 0; n < 10_000; n++) {
    const next = entry();
    queue.push(next);
    next.gone = true;
    queue.giveUp(next);
    queue.giveUp(next);
  }
  queue.push(last);
  expect(queue.length).toBeLessThan(2_100);
  expect(queue.units).toBe(2);
  expect([queue.shift(), queue.shift(), queue.shift()]).toEqual([first, last, undefined]);
  expect(queue.units).toBe(0);
});

test('units of one that is gone without having said so are counted out', () => {
  const queue = new EntryQueue<Entry>();
  const [silent, stays] = [entry(), entry()];
  queue.push(stays);
  queue.push(silent);
  silent.gone = true;
  for (let n = 0; n < 3_000; n++) {
    const next = entry();
    queue.push(next);
    queue.giveUp(next);
  }
  expect(queue.units).toBe(1);
  expect([...queue]).toEqual([stays]);
});
