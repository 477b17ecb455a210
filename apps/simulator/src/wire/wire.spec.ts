import { Clock } from './clock.js';
import { readScript } from './fault-script.js';
import { distorted } from './distort.js';
import { json, page, type Exchange } from './exchange.js';
import { Faults, faultProblem } from './faults.js';
import { Penalty } from './penalty.js';

const words = {
  tooMany: () => json(429, { error: 'slow down' }),
  broken: (status: number) => page(status, 'Broken'),
  unauthorised: () => json(401, { error: 'who?' }),
};
const exchange = (value: unknown): Exchange => ({
  provider: 'dns',
  asked: [],
  unit: 'x',
  answer: () => json(200, value),
  words,
});
const bodyOf = (answer: { body: string | Buffer }) => answer.body.toString();

test('the penalty starts after 50 refusals and ends after 30 quiet seconds', () => {
  const penalty = new Penalty();
  for (let index = 0; index < 51; index++) penalty.answered(400, index);
  const admitted = Array.from({ length: 60 }, () => penalty.admit(1_000)).filter(Boolean);
  expect(admitted).toHaveLength(50);
  expect(penalty.admit(31_000)).toBe(true);
  expect(Array.from({ length: 60 }, () => penalty.admit(31_000)).every(Boolean)).toBe(true);
});

describe('faults', () => {
  test('hit a provider, one host of it, a share of its calls, or all after a number', () => {
    const faults = new Faults();
    faults.set({ provider: 'rdap', fault: '500', host: 'a' });
    expect(faults.hit('rdap', 'a', 0)).toBeDefined();
    expect(faults.hit('rdap', 'b', 0)).toBeUndefined();
    faults.set({ provider: 'dns', fault: '500', share: 0.25, after: 4 });
    const hits = Array.from({ length: 24 }, () => faults.hit('dns', 'x', 0)).filter(Boolean);
    expect(hits).toHaveLength(5);
    faults.clear('dns');
    expect(faults.hit('dns', 'x', 0)).toBeUndefined();
    expect(faults.list()).toHaveLength(1);
  });

  test('are refused with a reason', () => {
    expect(faultProblem(undefined)).toContain('provider');
    expect(faultProblem({ provider: 'dns', fault: 'flood' })).toContain('slow, ');
    expect(faultProblem({ provider: 'dns', fault: 'slow', ms: -1 })).toContain('ms');
    expect(faultProblem({ provider: 'dns', fault: 'slow', ms: 10 })).toBeUndefined();
  });

  test('change what is said, each in its way', () => {
    const rows = exchange({ count: 2, results: [{ a: 1 }, { a: 2 }] });
    const said = (name: Parameters<typeof distorted>[0], nth = 0) => bodyOf(distorted(name, rows, nth, 0));
    expect(said('missing')).toBe('{"count":2,"results":[{"a":2}]}');
    expect(said('duplicated')).toBe('{"count":2,"results":[{"a":1},{"a":2},{"a":1}]}');
    expect(said('reordered')).toBe('{"count":2,"results":[{"a":2},{"a":1}]}');
    expect(said('strings')).toBe('{"count":"2","results":[{"a":"1"},{"a":"2"}]}');
    expect(said('nulls')).toBe('{"count":null,"results":[{"a":null},{"a":null}]}');
    expect(said('wrong-type')).toBe('{"count":{"value":2},"results":{"rows":2}}');
    expect(() => JSON.parse(said('truncated'))).toThrow();
    for (const nth of [0, 1, 2]) expect(() => JSON.parse(said('garbage', nth))).toThrow();
    expect(distorted('error-200', rows, 0, 0).status).toBe(200);
    expect(bodyOf(distorted('wrong-type', exchange({}), 0, 0))).toBe('[]');
  });

  test('a 429 says when to come back in seconds, as a date, or not at all', () => {
    const after = [0, 1, 2].map((nth) => distorted('429', exchange({}), nth, 0).headers['retry-after']);
    expect(after).toEqual(['1', 'Thu, 01 Jan 1970 00:00:01 GMT', undefined]);
    const late = distorted('429', exchange({}), 1, 400).headers['retry-after'];
    expect(late).toBe('Thu, 01 Jan 1970 00:00:02 GMT');
  });
});

describe('a script of faults', () => {
  const script = `
    # Moz has a bad half minute
    at 10 s moz answers 500 for 30 s
    at 1 min page is slow for 500 ms
  `;

  test('is read line by line', () => {
    expect(readScript(script)).toEqual([
      { provider: 'moz', fault: '500', atMs: 10_000, forMs: 30_000 },
      { provider: 'page', fault: 'slow', atMs: 60_000, forMs: 500 },
    ]);
  });

  test.each([
    ['at noon moz answers 500 for 1 s', 'line 1'],
    ['\nat 1 s moz answers 418 for 1 s', 'line 2: there is no fault "418"'],
  ])('%j is told to be wrong', (text, why) => expect(() => readScript(text)).toThrow(why));

  test('holds by the clock, from its beginning to its end', () => {
    const faults = new Faults();
    faults.plan(readScript(script), 1_000);
    const hits = (now: number) => faults.hit('moz', 'x', now)?.fault.fault;
    expect([10_999, 11_000, 40_999, 41_000].map(hits)).toEqual([undefined, '500', '500', undefined]);
    expect(faults.hit('dns', 'x', 20_000)).toBeUndefined();
  });
});

test('a clock only goes forward', () => {
  const clock = new Clock(() => 5);
  clock.advance(86_400_000);
  expect(clock.now()).toBe(86_400_005);
  expect(() => clock.advance(-1)).toThrow('0 or more');
});
