import type { Attempt, JoinedCell, Outcome, Round2Ask } from '@assay/contracts';
import fc from 'fast-check';
import { catalogue, cell, DEADLINE_AT, planOf, ROUND1_AT, submitted, T } from './join-row.fixture.js';
import { joinedCells, joinRow } from './join-row.js';
import { mergeAttempt } from './merge-cells.js';
import { mergePlans } from './merge-plan.js';
import type { RowEvent } from './row-event.js';
import type { RowState } from './row-state.js';

const FIRST = ['page', 'dns', 'safe'];
const OUTCOMES: Outcome[] = ['ok', 'absent', 'failed', 'skipped'];

/** What the world is like: the outcome of each ask, or none at all; what the page finds; who is retried. */
interface World {
  readonly outcomes: Record<string, Outcome | 'silent'>;
  readonly finalUrl: string | undefined;
  readonly canonicalUrl: string | undefined;
  readonly retried: readonly string[];
}

/** How it happens: order, grouping, repetition, and where the joiner is killed. */
interface Course {
  /** Consumed number by number; each decides one choice. */
  readonly dice: readonly number[];
  readonly kills: boolean;
  readonly duplicates: boolean;
}

const asks = ['page', 'dns', 'safe', 'plain', 'safe.final', 'links'];
const url = fc.constantFrom('http://a.example/', 'http://b.example/', undefined);
const world: fc.Arbitrary<World> = fc.record({
  outcomes: fc.record(
    Object.fromEntries(asks.map((ask) => [ask, fc.constantFrom(...OUTCOMES, 'ok', 'silent')])) as Record<
      string,
      fc.Arbitrary<Outcome | 'silent'>
    >,
  ),
  finalUrl: url,
  canonicalUrl: url,
  retried: fc.subarray(asks),
});
const course: fc.Arbitrary<Course> = fc.record({
  dice: fc.array(fc.nat({ max: 1_000 }), { minLength: 400, maxLength: 400 }),
  kills: fc.boolean(),
  duplicates: fc.boolean(),
});
const PLANS = [0, 1].map(
  (gen) => (retried: readonly string[]) =>
    planOf(Object.fromEntries(asks.map((ask) => [ask, retried.includes(ask) ? gen : 0]))),
);

/** One row's joiner with its table, and the fetchers that answer what it asks. */
class Run {
  state: RowState | undefined;
  now = T;
  readonly queue: RowEvent[] = [];
  readonly emitted = new Map<string, Set<string>>();
  readonly sent: { version: number; view: string }[] = [];
  #die = 0;

  constructor(
    readonly world: World,
    readonly course: Course,
  ) {}

  roll(sides: number): number {
    return this.course.dice[this.#die++ % this.course.dice.length]! % sides;
  }

  answer(ask: string, gen: number, unit: string): void {
    const outcome = this.world.outcomes[ask]!;
    if (outcome === 'silent') return;
    const { finalUrl, canonicalUrl } = this.world;
    const facts = ask === 'page' && outcome === 'ok' ? { finalUrl, canonicalUrl } : undefined;
    const known = Object.fromEntries(Object.entries(facts ?? {}).filter(([, value]) => value));
    const plan = PLANS[gen]!(this.world.retried);
    const event = cell(ask, { outcome, gen, unit, at: T + gen, ...(facts && { facts: known }) }, plan);
    this.queue.push(event, ...(this.course.duplicates && this.roll(3) === 0 ? [event] : []));
  }

  dispatch(gen: number): void {
    const plan = PLANS[gen]!(this.world.retried);
    this.queue.push(submitted(plan));
    for (const ask of FIRST) if (plan.asks[ask] === gen) this.answer(ask, gen, 'http://a.example/');
  }

  /** Reads all that is queued, in any order and grouping. */
  drain(): void {
    while (this.queue.length > 0) {
      const batch: RowEvent[] = [];
      for (let size = 1 + this.roll(4); size > 0 && this.queue.length > 0; size--)
        batch.push(...this.queue.splice(this.roll(this.queue.length), 1));
      this.handle(batch);
    }
  }

  /** A kill after the commit loses what was to go out; the batch is read again, alone or with more. */
  handle(batch: RowEvent[]): void {
    const killed = this.course.kills && this.roll(3) === 0;
    const joined = joinRow(this.state, batch, { catalogue, lane: 'bulk', now: this.now });
    if (!joined) return;
    this.check(joined.state);
    this.state = joined.state;
    if (killed) return this.handle([...batch, ...this.queue.splice(0, this.roll(2))]);
    for (const ask of joined.asks) this.emit(ask);
  }

  emit({ ask, gen, unit }: Round2Ask): void {
    const units = this.emitted.get(`${ask} ${gen}`) ?? new Set<string>();
    this.emitted.set(`${ask} ${gen}`, units.add(unit));
    this.answer(ask, gen, unit);
  }

  /** The version rises exactly when a reader would see a difference. */
  check(next: RowState): void {
    if (!this.state) return;
    const same = viewOf(this.state) === viewOf(next);
    expect(next.version).toBe(same ? this.state.version : this.state.version + 1);
  }

  sweep(now: number): void {
    this.now = now;
    this.handle([{ kind: 'due', at: 0 }]);
    this.drain();
  }
}

function viewOf(state: RowState): string {
  return JSON.stringify([state.final, state.row, sorted(state.plan.asks), sorted(joinedCells(state))]);
}

function sorted(record: Record<string, unknown>): unknown {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Without the moments at which the joiner itself decided. */
function outcomeOf(state: RowState): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(joinedCells(state)).map(([ask, merged]) => [ask, withoutOwnTime(merged)]),
  );
}

function withoutOwnTime(merged: JoinedCell): unknown {
  const own = (attempt: Attempt) => ['no_fact', 'same_unit', 'expired'].includes(attempt.detail ?? '');
  const last = merged.last && own(merged.last) ? { ...merged.last, at: 0 } : merged.last;
  return { ...merged, ...(own(merged) && { at: 0 }), ...(last && { last }) };
}

function play(w: World, c: Course): Run {
  const run = new Run(w, c);
  run.dispatch(0);
  if (w.retried.length > 0) run.dispatch(1);
  run.drain();
  run.sweep(ROUND1_AT);
  run.sweep(DEADLINE_AT);
  return run;
}

const IN_ORDER: Course = { dice: [0], kills: false, duplicates: false };

test('any order, repetition and kill ends in the same final row, asked about the same units', () => {
  fc.assert(
    fc.property(world, course, (w, c) => {
      const reference = play(w, IN_ORDER);
      const run = play(w, c);
      expect(run.state!.final).toBe(true);
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

test('changed facts never ask twice, and every row ends', () => {
  fc.assert(
    fc.property(world, course, fc.array(url, { minLength: 1, maxLength: 4 }), (w, c, changes) => {
      const run = new Run(w, c);
      run.dispatch(0);
      changes.forEach((finalUrl, i) =>
        run.queue.push(cell('page', { at: T + i, ...(finalUrl && { facts: { finalUrl } }) })),
      );
      run.drain();
      run.sweep(ROUND1_AT);
      run.sweep(DEADLINE_AT);
      expect(run.state!.final).toBe(true);
      for (const units of run.emitted.values()) expect(units.size).toBe(1);
    }),
    { numRuns: 300 },
  );
});

test('a batch that is read again, whole, changes nothing', () => {
  fc.assert(
    fc.property(world, course, (w, c) => {
      const run = play(w, { ...c, kills: false });
      const before = run.state!;
      run.dispatch(0);
      const again = joinRow(before, run.queue, { catalogue, lane: 'bulk', now: DEADLINE_AT + 1 });
      expect(again!.state.version).toBe(before.version);
      expect(again!.asks).toEqual([]);
    }),
  );
});

const attempt: fc.Arbitrary<Attempt> = fc
  .record({ gen: fc.nat(2), outcome: fc.constantFrom(...OUTCOMES), at: fc.nat(3), id: fc.nat(2) })
  .map(({ gen, outcome, at, id }) =>
    outcome === 'ok' || outcome === 'absent'
      ? { gen, outcome, at, answer: String(id) }
      : { gen, outcome, at, detail: (['quota', 'expired'] as const)[id % 2]! },
  );

test('attempts merge in any order, and a value is never lost', () => {
  fc.assert(
    fc.property(fc.array(attempt, { minLength: 1, maxLength: 6 }), fc.nat(), (attempts, turn) => {
      const merge = (list: Attempt[]) =>
        list.reduce<JoinedCell | undefined>((merged, one) => mergeAttempt(merged, one), undefined)!;
      const turned = attempts.map((_, i) => attempts[(i + turn) % attempts.length]!).reverse();
      expect(merge(turned)).toEqual(merge(attempts));
      expect(merge([...attempts, ...attempts])).toEqual(merge(attempts));
      if (attempts.some(({ outcome }) => outcome === 'ok')) expect(merge(attempts).answer).toBeDefined();
    }),
  );
});

const plan = fc
  .record({ a: fc.option(fc.nat(2)), b: fc.nat(2), t: fc.nat(2), d: fc.nat(2), age: fc.option(fc.nat(2)) })
  .map(({ a, b, t, d, age }) =>
    planOf(a === null ? { b } : { a, b }, {
      dispatchedAt: T + t,
      deadlineAt: DEADLINE_AT + d,
      ...(age !== null && { maxAgeMs: age }),
    }),
  );

test('plans merge in any order', () => {
  fc.assert(
    fc.property(plan, plan, plan, (a, b, c) => {
      expect(mergePlans(a, mergePlans(b, c))).toEqual(mergePlans(mergePlans(c, a), b));
      const merged = mergePlans(a, b);
      expect(mergePlans(merged, b)).toBe(merged);
      expect(mergePlans(merged, a)).toBe(merged);
    }),
  );
});
