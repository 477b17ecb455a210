import { rowsIn } from './rows-in.js';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const plan = { submission: 'a' };

test('a message about one row names it', () => {
  expect(rowsIn(bytes({ v: 9, plan, seq: 3 }))).toEqual([{ submission: 'a', seq: 3 }]);
});

test('a message about many names each by its plan', () => {
  const plans = [plan, { submission: 'b' }];
  const two = [
    { plan: 0, seq: 1 },
    { plan: 1, seq: 2 },
  ];
  const expected = [
    { submission: 'a', seq: 1 },
    { submission: 'b', seq: 2 },
  ];
  expect(rowsIn(bytes({ plans, cells: two }))).toEqual(expected);
  expect(rowsIn(bytes({ plans, rows: [...two, { plan: 7, seq: 3 }, null, 'x'] }))).toEqual(expected);
});

test.each([
  null,
  '',
  'no json',
  '7',
  'null',
  '[]',
  '{"plan":1,"seq":2}',
  '{"plans":[1],"cells":[{"plan":0}]}',
])('nothing is read from %s', (value) => {
  expect(rowsIn(value)).toEqual([]);
});
