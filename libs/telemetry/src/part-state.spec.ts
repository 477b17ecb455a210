import { afterProbe, afterRefusal, afterWork, type PartState } from './part-state.js';

const well: PartState = { ok: true, since: 1_000 };

test('a probe that fails shows at once, and since when it has; one that comes back ends it', () => {
  const away = afterProbe(well, 'ECONNREFUSED', 5_000);
  expect(away).toEqual({ ok: false, since: 5_000, error: 'ECONNREFUSED' });
  const still = afterProbe(away, 'no answer within 2.5 s', 7_000);
  expect(still).toEqual({ ok: false, since: 5_000, error: 'no answer within 2.5 s' });
  expect(afterProbe(still, undefined, 9_000)).toEqual({ ok: true, since: 9_000 });
});

test('refused work counts against probes that come back, for its time', () => {
  const refused = afterRefusal(well, 'the disk is full', 5_000, 10_000);
  expect(refused).toMatchObject({ ok: false, since: 5_000, error: 'the disk is full' });
  expect(afterProbe(refused, undefined, 14_999)).toBe(refused);
  expect(afterProbe(refused, undefined, 15_000)).toEqual({ ok: true, since: 15_000 });
});

test('a part that goes away altogether while it refuses is back with its first answer', () => {
  const gone = afterProbe(afterRefusal(well, 'the disk is full', 5_000, 10_000), 'ECONNREFUSED', 6_000);
  expect(gone).toEqual({ ok: false, since: 5_000, error: 'ECONNREFUSED' });
  expect(afterProbe(gone, undefined, 7_000)).toEqual({ ok: true, since: 7_000 });
});

test('work that is taken ends a refusal, and says nothing of a part that probes miss', () => {
  expect(afterWork(afterRefusal(well, 'no leader', 5_000, 10_000), 6_000)).toEqual({
    ok: true,
    since: 6_000,
  });
  const away = afterProbe(well, 'ECONNREFUSED', 5_000);
  expect(afterWork(away, 6_000)).toBe(away);
  expect(afterWork(well, 6_000)).toBe(well);
});
