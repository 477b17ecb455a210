// oxlint-disable-next-line no-restricted-imports -- a turn of the event loop, no time
import { setImmediate as turn } from 'node:timers/promises';
import { SendQueue, type OutRecord } from './send-queue.js';

const record = (bytes: number, partition = 0): OutRecord => ({
  topic: 't',
  partition,
  value: null,
  headers: {},
  bytes,
});

function queue(limits: { maxQueuedBytes?: number } = {}) {
  const sends: { records: OutRecord[]; done: () => void; fail: (error: Error) => void }[] = [];
  const send = (records: OutRecord[]) =>
    new Promise<void>((done, fail) => void sends.push({ records, done, fail }));
  const settings = { send, maxRequestBytes: 100, maxRequestRecords: 10, concurrency: 2, maxQueuedBytes: 300 };
  return { sends, queue: new SendQueue({ ...settings, ...limits }) };
}

const sizes = (sends: { records: OutRecord[] }[]) => sends.map(({ records }) => records.length);

test('what is published in one turn goes in one request, and what gathers meanwhile in the next', async () => {
  const { queue: q, sends } = queue();
  const all = [q.add(record(1)), q.add(record(1)), q.add(record(1))];
  await turn();
  all.push(q.add(record(1)));
  await turn();
  for (let i = 0; i < 5; i++) all.push(q.add(record(1)));
  await turn();
  expect(sizes(sends)).toEqual([3, 1]);
  sends[0]!.done();
  await turn();
  await turn();
  expect(sizes(sends)).toEqual([3, 1, 5]);
  for (const { done } of sends) done();
  await Promise.all(all);
});

test('cuts requests by bytes and by records, in order', async () => {
  const { queue: q, sends } = queue();
  const added = [60, 60, 250, 1, 1].map((bytes, i) => q.add(record(bytes, i)));
  const sent: number[][] = [];
  const all = Promise.all(added);
  while (sent.flat().length < 5) {
    await turn();
    for (const { records, done } of sends.splice(0)) {
      sent.push(records.map(({ partition }) => partition));
      done();
    }
  }
  await all;
  expect(sent).toEqual([[0], [1], [2], [3, 4]]);
});

test('a failed request rejects its own records only', async () => {
  const { queue: q, sends } = queue();
  const [bad, good] = [q.add(record(100)), q.add(record(100))];
  await turn();
  sends[0]!.fail(new Error('no'));
  sends[1]!.done();
  await expect(bad).rejects.toThrow('no');
  await good;
});

test('holds callers back while too much waits, and is idle when all is sent', async () => {
  const { queue: q, sends } = queue({ maxQueuedBytes: 100 });
  expect(q.room()).toBeUndefined();
  const all = [1, 2, 3, 4].map(() => q.add(record(100)));
  const room = q.room();
  expect(room).toBeDefined();
  let idle = false;
  const becomesIdle = q.idle().then(() => (idle = true));
  await turn();
  expect(idle).toBe(false);
  while (sends.length < 4) {
    for (const { done } of sends) done();
    await turn();
  }
  for (const { done } of sends) done();
  await Promise.all([room, becomesIdle, ...all]);
  expect(q.room()).toBeUndefined();
});

test('express goes by itself and next, whatever of bulk waits; bulk has every other request', async () => {
  const { queue: q, sends } = queue({ maxQueuedBytes: 500 });
  const of = (lane: string) => ({ ...record(100), topic: `row.joined.${lane}` });
  const all = ['bulk', 'bulk', 'bulk', 'bulk', 'bulk'].map((lane) => q.add(of(lane)));
  await turn();
  expect(q.room('express')).toBeUndefined();
  all.push(...['express', 'express'].map((lane) => q.add(of(lane))));
  while (sends.length < 7) {
    for (const { done } of sends) done();
    await turn();
  }
  for (const { done } of sends) done();
  await Promise.all(all);
  const lanes = sends.map(({ records }) => records[0]!.topic.slice('row.joined.'.length));
  expect(lanes).toEqual(['bulk', 'bulk', 'express', 'bulk', 'express', 'bulk', 'bulk']);
});
