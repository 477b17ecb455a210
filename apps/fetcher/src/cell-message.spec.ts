import { MetricRound1, type Plan } from '@assay/contracts';
import { cellMessage, mostBytes, type PlannedCell } from './cell-message.js';

const plan = (given: Partial<Plan> = {}): Plan => ({
  submission: '01900000-0000-7000-8000-000000000000',
  asks: { page: 0, dns: 0 },
  dispatchedAt: 1_000,
  round1At: 21_000,
  deadlineAt: 61_000,
  graceMs: 60_000,
  patienceMs: 5_000,
  ...given,
});
const cell = (seq: number, given: object = {}): PlannedCell['cell'] => ({
  seq,
  unit: 'site.test',
  gen: 0,
  outcome: 'failed',
  detail: 'timeout',
  at: 2_000,
  ...given,
});

test('rows of one dispatch share their plan; a plan that differs in anything stands alone', () => {
  const planned = [
    { plan: plan(), cell: cell(1) },
    { plan: plan(), cell: cell(2) },
    { plan: plan({ asks: { page: 1, dns: 0 } }), cell: cell(3) },
    { plan: plan({ maxAgeMs: 0 }), cell: cell(4) },
    { plan: plan(), cell: cell(5) },
    { plan: plan({ freshFrom: 900 }), cell: cell(6) },
    { plan: plan({ freshFrom: 900 }), cell: cell(7) },
    { plan: plan({ freshFromOf: { page: 900 } }), cell: cell(8) },
    { plan: plan({ freshFromOf: { page: 900 } }), cell: cell(9) },
  ];
  const message = cellMessage('page', planned);
  expect(message.plans).toHaveLength(5);
  expect(message.cells.map((one) => one.plan)).toEqual([0, 0, 1, 2, 0, 3, 3, 4, 4]);
  expect(MetricRound1.check(message)).toBe(true);
});

test.each([
  ['plain', {}],
  ['the longest unit, all of it escaped', { unit: '\u0001'.repeat(200) }],
  [
    'facts of every kind',
    { facts: { finalUrl: `https://a.test/${'ü'.repeat(8_000)}`, handles: { x: ['a'] } } },
  ],
  ['an answer and an end', { answer: '01900000-0000-7000-8000-000000000000', until: 1_900_000_000_000 }],
])('a cell is never larger than it is taken for: %s', (_, given) => {
  const asks = Object.fromEntries(Array.from({ length: 30 }, (__, i) => [`provider-number-${i}.domain`, 7]));
  const times = { dispatchedAt: 1, round1At: 2, deadlineAt: 3, freshFrom: 4 };
  for (const name in times) times[name as keyof typeof times] += 1_900_000_000_000;
  const freshFromOf = Object.fromEntries(Object.keys(asks).map((ask) => [ask, 1_900_000_000_000]));
  const most = {
    ...times,
    freshFromOf,
    maxAgeMs: 315_360_000_000,
    capped: true as const,
    cancelled: true as const,
  };
  const planned = { plan: plan({ asks, ...most }), cell: cell(4_000_000_000, given) };
  expect(mostBytes(planned)).toBeGreaterThan(
    Buffer.byteLength(JSON.stringify(cellMessage('page', [planned]))) - 50,
  );
});
