import { Counts } from './counts.js';

const asked = [
  { surface: 'moz.url', unit: 'a' },
  { surface: 'moz.domain', unit: 'a' },
];

test('counts tell calls, units and distinct units apart', () => {
  const counts = new Counts();
  counts.received({ provider: 'moz', asked });
  counts.received({ provider: 'moz', asked: asked.slice(0, 1) });
  counts.answered('moz', '200');
  expect(counts.view()['moz']).toEqual({
    calls: 2,
    units: 3,
    distinctUnits: 2,
    refused: 0,
    admittedCalls: 2,
    admittedUnits: 3,
    repeatedUnits: 1,
    bytesIn: 0,
    bytesOut: 0,
    keys: {},
    byStatus: { 200: 1 },
    surfaces: {
      'moz.url': { calls: 2, units: 2, distinctUnits: 1 },
      'moz.domain': { calls: 1, units: 1, distinctUnits: 1 },
    },
  });
});

test('a unit is repeated when it comes in again with an admitted call, however often it was refused', () => {
  const counts = new Counts();
  const call = (isRefused: boolean) => counts.received({ provider: 'moz', asked, isRefused });
  const repeated = [true, true, false, true, false, false].map((isRefused) => {
    call(isRefused);
    return counts.view()['moz']?.repeatedUnits;
  });
  expect(repeated).toEqual([0, 0, 0, 0, 2, 4]);
  expect(counts.view()['moz']).toMatchObject({ calls: 6, refused: 3, admittedCalls: 3, admittedUnits: 6 });
});

describe('the timeline', () => {
  test('tells admitted and refused calls and admitted units by second', () => {
    const counts = new Counts();
    const call = (at: number, isRefused = false) =>
      counts.received({ provider: 'moz', asked, at, isRefused });
    call(10_000);
    call(10_999, true);
    call(12_000);
    call(12_001);
    expect(counts.timeline('moz')).toEqual([
      { second: 10, admitted: 1, refused: 1, units: 2 },
      { second: 12, admitted: 2, refused: 0, units: 4 },
    ]);
    expect(counts.timeline('dns')).toEqual([]);
    counts.reset();
    expect(counts.timeline('moz')).toEqual([]);
  });

  test('keeps an hour', () => {
    const counts = new Counts();
    for (let second = 0; second < 4_000; second++)
      counts.received({ provider: 'dns', asked: [], at: second * 1_000 });
    const seconds = counts.timeline('dns');
    expect([seconds.length, seconds[0]?.second, seconds.at(-1)?.second]).toEqual([3_600, 400, 3_999]);
  });
});
