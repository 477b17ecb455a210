import type { JoinedCell, RowJoined } from '@assay/contracts';
import fc from 'fast-check';
import { CountChanges } from './count-changes.js';
import { AnswerMissing, answersToRead, writeRow, type CurrentRow } from './write-row.js';

const WAITING: CurrentRow = {
  version: 0,
  gen: 0,
  state: 'waiting',
  url: 'http://a.test/',
  host: 'a.test',
  domain: 'a.test',
  cells: {},
  numbers: {},
};
const plan = {
  submission: '01890000-0000-7000-8000-000000000001',
  asks: { page: 0 },
  dispatchedAt: 1,
  round1At: 2,
  deadlineAt: 3,
  graceMs: 4,
  patienceMs: 5,
};
const ok = (answer: string): JoinedCell => ({ gen: 0, outcome: 'ok', at: 1, answer });
const joined = (cells: Record<string, JoinedCell>, version = 1): RowJoined => ({
  v: 1,
  plan,
  seq: 7,
  version,
  state: 'final',
  cells,
});

test('numbers come from the answers that measured cells point to', () => {
  const message = joined({
    page: ok('a1'),
    dns: { gen: 0, outcome: 'absent', at: 1, answer: 'a2' },
    rdap: { gen: 0, outcome: 'failed', detail: 'server', at: 1 },
  });
  expect(answersToRead(WAITING, message)).toEqual(['a1']);
  const row = writeRow(WAITING, message, new Map([['a1', { word_count: 0 }]]));
  expect(row).toMatchObject({ version: 1, url: 'http://a.test/', numbers: { page: { word_count: 0 } } });
  expect(Object.keys(row.numbers)).toEqual(['page']);
});

test('a value the row holds already is kept for the same answer, and read anew for another', () => {
  const first = writeRow(WAITING, joined({ page: ok('a1') }), new Map([['a1', { word_count: 5 }]]));
  const same = joined(
    { page: { ...ok('a1'), last: { gen: 1, outcome: 'failed', detail: 'server', at: 2 } } },
    2,
  );
  expect(answersToRead(first, same)).toEqual([]);
  expect(writeRow(first, same, new Map()).numbers).toEqual({ page: { word_count: 5 } });
  expect(answersToRead(first, joined({ page: ok('a9') }, 2))).toEqual(['a9']);
});

test('an answer that is not stored is an error, never an empty value', () => {
  expect(() => writeRow(WAITING, joined({ page: ok('a1') }), new Map())).toThrow(AnswerMissing);
});

test('the gen of a row is the highest that any of its asks is wanted in', () => {
  const message = { ...joined({}), plan: { ...plan, asks: { page: 0, dns: 2, rdap: 1 } } };
  expect(writeRow(WAITING, message, new Map()).gen).toBe(2);
});

test('a row that is retried is counted under its gen, once, and its cells under their values', () => {
  const sum = new CountChanges();
  const final = { state: 'final', gen: 0, cells: { page: ok('a') } } as const;
  const failed = { gen: 1, outcome: 'failed', detail: 'server', at: 2 } as const;
  sum.move('s', 3, final, { ...final, state: 'partial', gen: 1 });
  sum.move(
    's',
    3,
    { ...final, state: 'partial', gen: 1 },
    { ...final, gen: 1, cells: { page: { ...ok('a'), last: failed } } },
  );
  expect(sum.sorted().map(({ ask, outcome, detail, n }) => [ask, outcome, detail, n])).toEqual([
    ['', 'final', '', -1],
    ['', 'final', '1', 1],
  ]);
});

const cell = fc.constantFrom<(JoinedCell | undefined)[]>(
  undefined,
  ok('a'),
  { gen: 0, outcome: 'absent', at: 1, answer: 'b' },
  { gen: 0, outcome: 'failed', detail: 'server', at: 1 },
  { gen: 0, outcome: 'failed', detail: 'timeout', at: 1 },
  { gen: 0, outcome: 'skipped', detail: 'expired', at: 1 },
);
const counted = fc.record({
  gen: fc.nat(2),
  state: fc.constantFrom('waiting', 'partial', 'final'),
  cells: fc
    .record({ page: cell, dns: cell })
    .map((cells) => Object.fromEntries(Object.entries(cells).filter(([, one]) => one))),
});

test('differences of any chain of versions add up to a recount of the last one', () => {
  fc.assert(
    fc.property(fc.array(counted, { minLength: 2, maxLength: 6 }), (versions) => {
      const sum = new CountChanges();
      versions.slice(1).forEach((after, i) => sum.move('s', 3, versions[i]! as never, after as never));
      const recount = new CountChanges();
      recount.move('s', 3, versions[0]! as never, versions.at(-1)! as never);
      expect(sum.sorted()).toEqual(recount.sorted());
    }),
  );
});
