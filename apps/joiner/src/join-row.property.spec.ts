import fc from 'fast-check';
import { catalogue, cell, DEADLINE_AT, DUE, ROUND1_AT, submitted } from './join-row.fixture.js';
import { joinedCells, joinRow } from './join-row.js';
import {
  asks,
  course,
  IN_ORDER,
  outcomeOf,
  Run,
  url,
  world,
  type Course,
  type World,
} from './join-row.world.fixture.js';

/** The retry overtakes the dispatch, which then asks less: both gens answer the same. A cancelled row is final first. */
const mixed = world.map((w): World => {
  const [outcomes] = w.outcomes;
  return { ...w, outcomes: [outcomes!, outcomes!], retried: w.cancelled ? [] : w.retried };
});

function playMixed(w: World, c: Course): Run {
  const run = new Run(w, c);
  run.dispatch(0);
  if (w.retried.length > 0) run.dispatch(1);
  run.drain();
  run.close(w.retried.length > 0 ? 1 : 0);
  return run;
}

test('any order, repetition and kill ends in the same final row, asked about the same units', () => {
  fc.assert(
    fc.property(mixed, course, (w, c) => {
      const reference = playMixed(w, IN_ORDER);
      const run = playMixed(w, c);
      expect([run.state!.final, run.faults]).toEqual([true, []]);
      expect(outcomeOf(run.state!)).toEqual(outcomeOf(reference.state!));
      expect(Object.keys(joinedCells(run.state!)).sort()).toEqual([...asks].sort());
      for (const [key, units] of run.emitted) {
        if (key.endsWith(' 0') && !reference.emitted.has(key)) continue;
        expect(units).toEqual(reference.emitted.get(key));
      }
    }),
    { numRuns: 500 },
  );
});

test('a cancelled row ends at once and asks nothing in round two', () => {
  fc.assert(
    fc.property(world, course, (w, c) => {
      const run = new Run({ ...w, cancelled: true }, c);
      run.dispatch(0);
      run.drain();
      expect([run.state!.final, run.faults]).toEqual([true, []]);
      expect([...run.emitted]).toEqual([]);
      for (const [ask, { detail }] of Object.entries(joinedCells(run.state!)))
        if (!run.state!.cells[ask]) expect([ask, detail]).toEqual([ask, 'cancelled']);
    }),
  );
});

/** As it is in life: what is retried was final. Old messages are read again meanwhile, or not. */
function playRetry(w: World, c: Course, replays: boolean): { first: Run; before: Record<string, unknown> } {
  const run = new Run(w, c);
  run.dispatch(0);
  run.drain();
  run.close(0);
  const before = outcomeOf(run.state!);
  run.emitted.clear();
  const old = [...run.history];
  run.now = run.plans[1].dispatchedAt;
  run.dispatch(1);
  if (replays) run.queue.push(...old);
  run.drain();
  run.close(1);
  return { first: run, before };
}

test('a retry, while old messages are read again: no value is lost, none but the raised cells is touched or asked', () => {
  fc.assert(
    fc.property(
      world.filter(({ retried }) => retried.length > 0),
      course,
      (w, c) => {
        const { first: run, before } = playRetry(w, c, true);
        const { first: reference } = playRetry(w, IN_ORDER, false);
        const after = outcomeOf(run.state!);
        expect([run.state!.final, run.faults]).toEqual([true, []]);
        expect(after).toEqual(outcomeOf(reference.state!));
        for (const [key, units] of run.emitted) {
          expect(w.retried.map((ask) => `${ask} 1`)).toContain(key);
          expect(units.size).toBe(1);
        }
        for (const ask of asks) {
          if (!w.retried.includes(ask)) expect([ask, after[ask]]).toEqual([ask, before[ask]]);
          expectKept(before[ask] as Seen, after[ask] as Seen);
        }
      },
    ),
    { numRuns: 500 },
  );
});

type Seen = { answer?: string; gen: number; stale?: true; last?: { gen: number } };

/** A measured value stays, or gives way to one of the retry; an older one never takes its place. */
function expectKept(before: Seen, after: Seen): void {
  if (before.answer === undefined) return;
  expect(after.answer).toBeDefined();
  if (after.answer !== before.answer) expect(after.gen).toBe(1);
  if (!before.stale) expect(after.stale).toBeUndefined();
}

test('changed facts never ask twice, and every row ends', () => {
  fc.assert(
    fc.property(world, course, fc.array(url, { minLength: 1, maxLength: 4 }), (w, c, changes) => {
      const run = new Run({ ...w, cancelled: false, retried: [] }, c);
      run.dispatch(0);
      changes.forEach((finalUrl, i) =>
        run.queue.push(cell('page', { at: ROUND1_AT + i, ...(finalUrl && { facts: { finalUrl } }) })),
      );
      run.drain();
      run.close(0);
      expect([run.state!.final, run.faults]).toEqual([true, []]);
      for (const units of run.emitted.values()) expect(units.size).toBe(1);
    }),
    { numRuns: 300 },
  );
});

test('a batch that is read again, whole, changes nothing', () => {
  fc.assert(
    fc.property(mixed, course, (w, c) => {
      const run = playMixed(w, { ...c, kills: false });
      const before = run.state!;
      run.dispatch(0);
      const now = run.plans[1].deadlineAt + 1;
      const again = joinRow(before, run.queue, { catalogue, lane: 'bulk', now });
      expect(again!.state.version).toBe(before.version);
      expect(again!.asks).toEqual([]);
    }),
  );
});

test('requests that are read again after their time change nothing, whatever the row holds', () => {
  fc.assert(
    fc.property(mixed, course, fc.nat(2), (w, c, gens) => {
      const before = playMixed(w, { ...c, kills: false }).state!;
      const late = asks.map((ask) =>
        cell(ask, {
          outcome: 'skipped',
          detail: 'expired',
          at: 1e9,
          gen: Math.min(gens, before.plan.asks[ask]!),
        }),
      );
      const again = joinRow(before, late, { catalogue, lane: 'bulk', now: 1e9 });
      expect(again!.state).toBe(before);
    }),
    { numRuns: 300 },
  );
});

test('the sweep alone ends a row of which nothing but its dispatch was read', () => {
  const settings = { catalogue, lane: 'bulk', now: DEADLINE_AT } as const;
  const begun = joinRow(undefined, [submitted()], { ...settings, now: 0 })!.state;
  expect(joinRow(begun, [DUE], settings)).toMatchObject({ send: 'final', state: { final: true } });
});
