import { rowsIn } from './letter-rows.js';

const id = '01900000-0000-7000-8000-000000000000';
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

test('the rows of every kind of message', () => {
  const plan = { submission: id };
  expect(rowsIn(json({ plan, seq: 3, url: 'http://a.test/' }))).toEqual([
    { submission: id, seq: 3, url: 'http://a.test/' },
  ]);
  expect(rowsIn(json({ plans: [plan], rows: [{ plan: 0, seq: 1, url: 'http://b.test/' }] }))).toEqual([
    { submission: id, seq: 1, url: 'http://b.test/' },
  ]);
  const cells = [
    { plan: 0, seq: 1 },
    { plan: 0, seq: 2 },
    { plan: 9, seq: 3 },
  ];
  expect(rowsIn(json({ plans: [plan], cells }))).toEqual([
    { submission: id, seq: 1 },
    { submission: id, seq: 2 },
  ]);
});

test('none where nothing can be read', () => {
  const values = ['{', '', 'null', '[]', '7', '{"plan":null,"seq":1}', '{"plans":7,"cells":[null,1]}'];
  for (const value of values) expect([value, rowsIn(Buffer.from(value))]).toEqual([value, []]);
  expect(rowsIn(null)).toEqual([]);
});
