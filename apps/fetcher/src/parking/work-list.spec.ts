import type { Plan } from '@assay/contracts';
import {
  newestPerCell,
  parkedRow,
  questionOfParked,
  type ParkableQuestion,
  type ParkedRow,
} from './parked-row.js';
import { WorkList } from './work-list.js';

const NOW = 1_000_000;
const plan: Plan = {
  submission: '01900000-0000-7000-8000-000000000000',
  asks: { page: 2 },
  dispatchedAt: NOW,
  round1At: NOW + 102_000,
  deadlineAt: NOW + 202_000,
  graceMs: 60_000,
  patienceMs: 5_000,
};

function row(seq: number, given: Partial<ParkedRow> = {}): ParkedRow {
  return {
    ask: 'page',
    submission: plan.submission,
    seq,
    gen: 0,
    lane: 'bulk',
    partition: 1,
    limitKey: 'slow.test',
    unit: `https://slow.test/${seq}`,
    plan,
    row: { url: `https://slow.test/${seq}`, host: 'slow.test', domain: 'slow.test' },
    waitUntil: NOW + 5_000,
    expiresAt: NOW + 100_000,
    notBefore: NOW + 2_000,
    ...given,
  };
}

test('a key whose units are all in work takes no more; rows of one unit count once; others go on', () => {
  const list = new WorkList(10, 2);
  const first = list.add(row(1), NOW);
  list.add(row(2, { unit: first.row.unit }), NOW);
  expect(list.closed(NOW)).toEqual([]);
  const other = list.add(row(3), NOW);
  expect(list.closed(NOW)).toEqual(['slow.test']);
  list.remove(first);
  expect(list.closed(NOW)).toEqual(['slow.test']);
  list.remove(other);
  list.remove(other);
  expect(list.closed(NOW)).toEqual([]);
  expect([list.room, list.size, list.has(row(2)), list.has(row(3))]).toEqual([9, 1, true, false]);
});

test('a key that sent a row back rests until then, the longest wait counts', () => {
  const list = new WorkList(10, 2);
  list.rest('slow.test', NOW + 500);
  list.rest('slow.test', NOW + 300);
  expect(list.closed(NOW + 499)).toEqual(['slow.test']);
  expect(list.closed(NOW + 500)).toEqual([]);
});

test('rows of paused submissions wait for no key: any number of them is in work', () => {
  const list = new WorkList(10, 1);
  for (let seq = 0; seq < 20; seq++) list.add(row(seq, { limitKey: '' }), NOW);
  expect(list.closed(NOW)).toEqual([]);
  expect(list.room).toBe(0);
});

test('of one cell the highest generation is kept, of one generation the last', () => {
  const rows = [
    row(1, { gen: 1 }),
    row(1, { gen: 0 }),
    row(2),
    row(2, { notBefore: 7 }),
    row(1, { ask: 'dns' }),
  ];
  expect(newestPerCell(rows)).toEqual([rows[0], rows[3], rows[4]]);
});

const asks = new Map([['page', { id: 'page', surface: 'page', round: 1 as const, unit: 'url' as const }]]);

test('a parked cell is asked again as it was, with what is left of its patience', () => {
  const parked = row(4, { gen: 2, unit: `https://slow.test/${'x'.repeat(300)}` });
  const question = questionOfParked(parked, asks, NOW + 1_500)!;
  expect(question).toMatchObject({
    gen: 2,
    seq: 4,
    plan,
    unit: expect.stringMatching(/^sha256:/) as string,
    request: {
      question: { surface: 'page', unit: parked.unit },
      patienceMs: 3_500,
      expiresAt: NOW + 100_000,
    },
  });
  expect(questionOfParked(parked, asks, NOW + 9_000)!.request.patienceMs).toBe(0);
  expect(questionOfParked(row(4, { limitKey: '' }), asks, NOW + 90_000)!.request.patienceMs).toBe(5_000);
  expect(questionOfParked(row(4, { ask: 'gone' }), asks, NOW)).toBeUndefined();
  const wait = {
    kind: 'wait' as const,
    limitKey: 'slow.test',
    notBefore: NOW + 2_000,
    reason: 'quota' as const,
  };
  expect(parkedRow(question, wait, NOW, 1)).toEqual({ ...parked, waitUntil: NOW + 3_500 });
});

test('patience never outlives the row', () => {
  const question = questionOfParked(row(1, { waitUntil: NOW + 1e9 }), asks, NOW)! as ParkableQuestion;
  const wait = { kind: 'wait' as const, limitKey: 'a', notBefore: 1, reason: 'quota' as const };
  expect(parkedRow(question, wait, NOW, 1).waitUntil).toBe(NOW + 100_000);
});
