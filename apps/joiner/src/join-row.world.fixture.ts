import type { Attempt, JoinedCell, Outcome, Plan, Round2Ask } from '@assay/contracts';
import fc from 'fast-check';
import { answerId, catalogue, cell, DEADLINE_AT, DUE, planOf, submitted, T } from './join-row.fixture.js';
import { joinedCells, joinRow, type Joined } from './join-row.js';
import type { RowEvent } from './row-event.js';
import type { RowState } from './row-state.js';

export const asks = ['page', 'dns', 'safe', 'plain', 'safe.final', 'links'];
const FIRST = ['page', 'dns', 'safe'];
export const OUTCOMES: Outcome[] = ['ok', 'absent', 'failed', 'skipped'];
type Reply = Outcome | 'silent';

/** What the world is like: what each ask answers in either gen, or nothing; what the page finds; who is retried. */
export interface World {
  readonly outcomes: readonly Record<string, Reply>[];
  readonly finalUrl: string | undefined;
  readonly canonicalUrl: string | undefined;
  /** With all that depends on them. */
  readonly retried: readonly string[];
  /** Asks whose failures bring an older answer. */
  readonly older: readonly string[];
  /** Cancelled before the row was dispatched; then only `strays` answer in gen 0, although nobody should. */
  readonly cancelled: boolean;
  readonly strays: readonly string[];
}

/** How it happens: order, grouping, repetition, and where the joiner is killed. */
export interface Course {
  /** Consumed number by number; each decides one choice. */
  readonly dice: readonly number[];
  readonly kills: boolean;
  readonly duplicates: boolean;
}

export const url = fc.constantFrom('http://a.example/', 'http://b.example/', undefined);
const replies = fc.record(
  Object.fromEntries(asks.map((ask) => [ask, fc.constantFrom(...OUTCOMES, 'ok', 'silent')])) as Record<
    string,
    fc.Arbitrary<Reply>
  >,
);
const retried = fc
  .subarray(asks)
  .map((chosen) =>
    asks.filter((ask) => chosen.includes(ask) || chosen.includes(catalogue.asks.get(ask)?.needs?.from ?? '')),
  );
export const world: fc.Arbitrary<World> = fc.record({
  outcomes: fc.tuple(replies, replies),
  finalUrl: url,
  canonicalUrl: url,
  retried,
  older: fc.subarray(asks),
  cancelled: fc.boolean(),
  strays: fc.subarray(FIRST),
});
export const course: fc.Arbitrary<Course> = fc.record({
  dice: fc.array(fc.nat({ max: 1_000 }), { minLength: 400, maxLength: 400 }),
  kills: fc.boolean(),
  duplicates: fc.boolean(),
});
export const IN_ORDER: Course = { dice: [0], kills: false, duplicates: false };

const RETRIED_AT = DEADLINE_AT + 1_000;

export function plansOf({ retried: raised, cancelled }: World): readonly [Plan, Plan] {
  const gens = (gen: number) => Object.fromEntries(asks.map((ask) => [ask, raised.includes(ask) ? gen : 0]));
  return [
    planOf(gens(0), cancelled ? { cancelled } : {}),
    planOf(gens(1), {
      dispatchedAt: RETRIED_AT,
      round1At: RETRIED_AT + 20_000,
      deadlineAt: RETRIED_AT + 60_000,
      only: FIRST.filter((ask) => raised.includes(ask)),
    }),
  ];
}

/** One row's joiner with its table, and the fetchers that answer what it asks. */
export class Run {
  state: RowState | undefined;
  now = T;
  readonly queue: RowEvent[] = [];
  /** All that was ever queued. */
  readonly history: RowEvent[] = [];
  readonly emitted = new Map<string, Set<string>>();
  readonly plans: readonly [Plan, Plan];
  /** What must never be. */
  readonly faults: string[] = [];
  #die = 0;

  constructor(
    readonly world: World,
    readonly course: Course,
  ) {
    this.plans = plansOf(world);
  }

  roll(sides: number): number {
    return this.course.dice[this.#die++ % this.course.dice.length]! % sides;
  }

  push(event: RowEvent): void {
    this.queue.push(event, ...(this.course.duplicates && this.roll(3) === 0 ? [event] : []));
    this.history.push(event);
  }

  answer(ask: string, gen: 0 | 1, unit: string): void {
    const outcome = this.world.outcomes[gen]![ask]!;
    const stray = this.world.cancelled && gen === 0;
    if (outcome === 'silent' || (stray && !this.world.strays.includes(ask))) return;
    const { finalUrl, canonicalUrl, older } = this.world;
    const facts = ask === 'page' && outcome === 'ok' ? { finalUrl, canonicalUrl } : undefined;
    const known = Object.fromEntries(Object.entries(facts ?? {}).filter(([, value]) => value));
    const failed = outcome === 'failed' || outcome === 'skipped';
    const attempt = {
      ...{ outcome, gen, unit, at: T + gen },
      ...(facts && { facts: known }),
      ...(failed && older.includes(ask) && { older: { outcome: 'ok' as const, answer: OLD, at: T - 9 } }),
    };
    this.push(cell(ask, attempt, { ...this.plans[gen], only: undefined } as unknown as Plan));
  }

  dispatch(gen: 0 | 1): void {
    const plan = this.plans[gen];
    this.push(submitted(plan));
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
    this.check(joined, batch);
    this.state = joined.state;
    if (killed) return this.handle([...batch, ...this.queue.splice(0, this.roll(2))]);
    for (const ask of joined.asks) this.emit(ask);
  }

  emit({ ask, gen, unit }: Round2Ask): void {
    const units = this.emitted.get(`${ask} ${gen}`) ?? new Set<string>();
    this.emitted.set(`${ask} ${gen}`, units.add(unit));
    this.answer(ask, gen as 0 | 1, unit);
  }

  /** The version rises exactly when a reader would see a difference; a retry is shown at once. */
  check({ state, send }: Joined, batch: readonly RowEvent[]): void {
    if (state.plan.only) this.faults.push('`only` is kept');
    if (!send && batch.some((event) => event.kind === 'submitted' && event.plan.only))
      this.faults.push('a retry is not shown');
    if (!this.state) return;
    const same = viewOf(this.state) === viewOf(state);
    if (state.version !== this.state.version + (same ? 0 : 1))
      this.faults.push(
        `version ${this.state.version} to ${state.version}, ${same ? 'same' : 'another'} view`,
      );
  }

  sweep(now: number): void {
    this.now = now;
    this.handle([DUE]);
    this.drain();
  }

  /** Round one closes, then the row. */
  close(gen: 0 | 1): void {
    this.sweep(this.plans[gen].round1At);
    this.sweep(this.plans[gen].deadlineAt);
  }
}

const OLD = answerId('old', 0);

function viewOf(state: RowState): string {
  return JSON.stringify([state.final, state.row, sorted(state.plan.asks), sorted(joinedCells(state))]);
}

function sorted(record: Record<string, unknown>): unknown {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Without the moments at which the joiner itself decided. */
export function outcomeOf(state: RowState): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(joinedCells(state)).map(([ask, merged]) => [ask, withoutOwnTime(merged)]),
  );
}

function withoutOwnTime(merged: JoinedCell): unknown {
  const own = (attempt: Attempt) => ['no_fact', 'same_unit', 'expired'].includes(attempt.detail ?? '');
  const last = merged.last && own(merged.last) ? { ...merged.last, at: 0 } : merged.last;
  return { ...merged, ...(own(merged) && { at: 0 }), ...(last && { last }) };
}
