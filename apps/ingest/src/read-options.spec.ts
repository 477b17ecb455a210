import { Refusal } from './problem.js';
import { checkOptions, optionsOfQuery } from './read-options.js';

test('query parameters become options', () => {
  const query = {
    name: 'n',
    providers: 'page, dns',
    lane: 'bulk',
    round1Ms: '5000',
    deadlineMs: '9000',
    weight: '2',
  };
  expect(checkOptions(optionsOfQuery(query))).toEqual({
    name: 'n',
    providers: ['page', 'dns'],
    lane: 'bulk',
    deadlines: { round1Ms: 5_000, deadlineMs: 9_000 },
    weight: 2,
  });
});

test.each([
  [{ lane: 'fast' }, /lane/],
  [{ weight: '0' }, /weight/],
  [{ weight: 'many' }, /weight/],
  [{ round1Ms: '10' }, /deadlines\.round1Ms/],
  [{ colour: 'red' }, /no option "colour"/],
  [{ name: '' }, /name/],
  [{ name: 'a\u0000b' }, /name/],
])('%j is refused by name', (query, detail) => {
  expect(() => checkOptions(optionsOfQuery(query))).toThrow(Refusal);
  expect(() => checkOptions(optionsOfQuery(query))).toThrow(detail);
});
