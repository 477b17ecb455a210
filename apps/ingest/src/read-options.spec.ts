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

test('ceilings, refresh and plan as query parameters', () => {
  const query = {
    refresh: 'true',
    plan: 'only',
    maxPrice: '5',
    'maxPrice.moz': '3.5',
    'maxCalls.moz': '100',
  };
  expect(checkOptions(optionsOfQuery(query))).toEqual({
    refresh: true,
    plan: 'only',
    ceilings: { maxPrice: 5, providers: { moz: { maxPrice: 3.5, maxCalls: 100 } } },
  });
  expect(checkOptions({ refresh: true, maxAgeMs: 0 })).toEqual({ refresh: true, maxAgeMs: 0 });
  expect(checkOptions({ refresh: false, maxAgeMs: 5 })).toEqual({ refresh: false, maxAgeMs: 5 });
});

test.each([
  [{ refresh: 'true', maxAgeMs: '5' }, /refresh .* give one of the two/],
  [{ refresh: 'yes' }, /refresh/],
  [{ plan: 'all' }, /plan: must be "only"/],
  [{ maxPrice: '-1' }, /ceilings\.maxPrice/],
  [{ 'maxCalls.moz': '1.5' }, /ceilings\.providers\.moz\.maxCalls/],
  [{ 'maxCalls.__proto__': 'x' }, /ceilings\.providers\.__proto__\.maxCalls/],
  [{ 'maxprice.moz': '1' }, /no option "maxprice\.moz"/],
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
