import type { Attempt, JoinedCell } from '@assay/contracts';
import fc from 'fast-check';
import { DEADLINE_AT, planOf, T } from './join-row.fixture.js';
import { OUTCOMES } from './join-row.world.fixture.js';
import { mergeAttempt } from './merge-cells.js';
import { mergePlans } from './merge-plan.js';

const attempt: fc.Arbitrary<Attempt> = fc
  .record({
    gen: fc.nat(2),
    outcome: fc.constantFrom(...OUTCOMES),
    at: fc.nat(3),
    id: fc.nat(2),
    stale: fc.boolean(),
  })
  .map(({ gen, outcome, at, id, stale }) =>
    outcome === 'ok' || outcome === 'absent'
      ? { gen, outcome, at, answer: String(id), ...(stale && { stale }) }
      : { gen, outcome, at, detail: (['quota', 'expired'] as const)[id % 2]! },
  );
const merge = (list: readonly Attempt[]) =>
  list.reduce<JoinedCell | undefined>((merged, one) => mergeAttempt(merged, one), undefined)!;
const measured = ({ outcome }: Attempt) => outcome === 'ok' || outcome === 'absent';

test('attempts merge in any order, and a value is never lost', () => {
  fc.assert(
    fc.property(fc.array(attempt, { minLength: 1, maxLength: 6 }), fc.nat(), (attempts, turn) => {
      const turned = attempts.map((_, i) => attempts[(i + turn) % attempts.length]!).reverse();
      const merged = merge(attempts);
      expect(merge(turned)).toEqual(merged);
      expect(merge([...attempts, ...attempts])).toEqual(merged);
      if (attempts.some(measured)) expect(merged.answer).toBeDefined();
    }),
    { numRuns: 1_000 },
  );
});

test('a stale value is shown in place of nothing, and gives way to any that is not stale', () => {
  fc.assert(
    fc.property(fc.array(attempt, { minLength: 1, maxLength: 6 }), (attempts) => {
      const merged = merge(attempts);
      const real = attempts.filter((one) => measured(one) && !one.stale);
      const tried = attempts.filter((one) => !one.stale);
      const gen = Math.max(-1, ...tried.map((one) => one.gen));
      if (real.length > 0) expect(merged.stale).toBeUndefined();
      if (merged.stale && gen >= 0) expect(merged.last).toMatchObject({ gen });
      expect(merged.last?.stale).toBeUndefined();
    }),
    { numRuns: 1_000 },
  );
});

test('that nobody asked in time changes nothing where there is any attempt of that gen', () => {
  fc.assert(
    fc.property(fc.array(attempt, { minLength: 1, maxLength: 6 }), fc.nat(9), (attempts, later) => {
      const tried = attempts.filter((one) => !(one.stale && measured(one)));
      fc.pre(tried.length > 0);
      const merged = merge(attempts);
      const gen = Math.max(...tried.map((one) => one.gen));
      const late: Attempt = { gen, outcome: 'skipped', detail: 'expired', at: 4 + later };
      expect(mergeAttempt(merged, late)).toBe(merged);
    }),
    { numRuns: 1_000 },
  );
});

test('what is not merged again is the same object', () => {
  const failed: Attempt = { gen: 1, outcome: 'failed', detail: 'server', at: 2 };
  const old: Attempt = { gen: 1, outcome: 'ok', answer: 'a', at: 1, stale: true };
  const merged = mergeAttempt(mergeAttempt(undefined, failed), old);
  expect(merged).toEqual({ ...old, last: failed });
  expect(mergeAttempt(mergeAttempt(merged, failed), old)).toBe(merged);
  const real: Attempt = { gen: 0, outcome: 'absent', answer: 'b', at: 3 };
  expect(mergeAttempt(merged, real)).toEqual({ ...real, last: failed });
});

const flag = fc.option(fc.constant(true as const), { nil: undefined });
const plan = fc
  .record({
    a: fc.option(fc.nat(2)),
    b: fc.nat(2),
    t: fc.nat(2),
    d: fc.nat(2),
    age: fc.option(fc.nat(2)),
    fresh: fc.option(fc.nat(2)),
    of: fc.option(fc.dictionary(fc.constantFrom('a', 'b'), fc.nat(2), { noNullPrototype: true })),
    cancelled: flag,
    capped: flag,
    only: fc.option(fc.subarray(['a', 'b'])),
  })
  .map(({ a, b, t, d, age, fresh, of, cancelled, capped, only }) =>
    planOf(a === null ? { b } : { a, b }, {
      dispatchedAt: T + t,
      deadlineAt: DEADLINE_AT + d,
      ...(age !== null && { maxAgeMs: age }),
      ...(fresh !== null && { freshFrom: T - fresh }),
      ...(of && { freshFromOf: of }),
      ...(cancelled && { cancelled }),
      ...(capped && { capped }),
      ...(only && { only }),
    }),
  );

test('plans merge in any order; which asks one message was about is not kept', () => {
  fc.assert(
    fc.property(plan, plan, plan, (a, b, c) => {
      expect(mergePlans(a, mergePlans(b, c))).toEqual(mergePlans(mergePlans(c, a), b));
      const merged = mergePlans(a, b);
      expect(merged).not.toHaveProperty('only');
      expect(mergePlans(merged, b)).toBe(merged);
      expect(mergePlans(merged, a)).toBe(merged);
      expect(merged.capped).toBe(a.capped ?? b.capped);
    }),
  );
});

test('what counts as fresh goes by the later dispatch, whichever is read first', () => {
  const first = planOf({ a: 0 }, { dispatchedAt: T + 5, freshFrom: T });
  const retry = planOf({ a: 1 }, { dispatchedAt: T + 9, freshFrom: T + 7 });
  expect([mergePlans(first, retry).freshFrom, mergePlans(retry, first).freshFrom]).toEqual([T + 7, T + 7]);
  const { freshFrom: _, ...older } = retry;
  expect(mergePlans(first, older)).not.toHaveProperty('freshFrom');
  expect([mergePlans(older, retry).freshFrom, mergePlans(retry, older).freshFrom]).toEqual([T + 7, T + 7]);
});

test('what a retry only raised with another is kept beside its reminder, and goes with the next dispatch', () => {
  const reminder = planOf({ a: 0 }, { dispatchedAt: T + 9 });
  const retry = planOf({ a: 1 }, { dispatchedAt: T + 9, freshFromOf: { a: T } });
  const next = planOf({ a: 2 }, { dispatchedAt: T + 12 });
  for (const merged of [mergePlans(reminder, retry), mergePlans(retry, reminder)])
    expect(merged.freshFromOf).toEqual({ a: T });
  for (const merged of [mergePlans(next, retry), mergePlans(retry, next)])
    expect(merged).not.toHaveProperty('freshFromOf');
});

test('a retry after a cancel is not cancelled, whichever is read first', () => {
  const gone = planOf({ a: 0 }, { cancelled: true });
  const retry = planOf({ a: 1 }, { dispatchedAt: T + 1 });
  expect(mergePlans(gone, retry).cancelled).toBeUndefined();
  expect(mergePlans(retry, gone).cancelled).toBeUndefined();
  expect(mergePlans(gone, planOf({ a: 0 })).cancelled).toBe(true);
});
