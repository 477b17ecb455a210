import fc from 'fast-check';
import { faultsOf, type Budget } from './faults.js';
import type { Process, Step } from './process.js';
import { nextDue } from './due.js';
import { settle } from './wire.js';
import { SUBMISSIONS, type World } from './world.js';

/** The course of one run: each number picks what happens next. Shrinks to few and small ones. */
export interface Course {
  readonly picks: readonly number[];
  readonly budget: Budget;
  /** By how much the clock may leap, in ms. */
  readonly leaps: readonly number[];
}

export const picks = (most: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat({ max: 0xffffff }), { maxLength: most, size: 'max' });

export const WISHES = [
  {},
  { outcomes: ['ok', 'failed', 'skipped', 'absent'] },
  { asks: ['page'], outcomes: ['ok', 'absent', 'failed', 'skipped'] },
  { asks: ['links'], outcomes: ['ok', 'absent', 'failed', 'skipped'] },
  { reasons: ['cancelled', 'no_fact', 'expired'] },
];
const MOVES = ['cancel', 'pause', 'resume'] as const;

/**
 * Of a hundred picks so many are faults, acts of people, leaps of the clock, things that begin by themselves, and single
 * steps; the rest are waves: about half of all that can be done now.
 */
const SHARE = { fault: 9, act: 3, leap: 4, idle: 16, step: 30 };

/** Plays a course; returns what was done, for people to read when it ends badly. */
export async function play(world: World, { picks: numbers, budget, leaps }: Course): Promise<string[]> {
  const left = { ...budget };
  const done: string[] = [];
  for (const number of numbers) {
    const steps = chosen(world, leaps, left, number % 100, Math.floor(number / 100));
    await perform(world, steps, done);
  }
  return done;
}

/** `kind` says what sort of thing happens next, `pick` which of those that can. */
function chosen(
  world: World,
  leaps: readonly number[],
  left: Budget,
  kind: number,
  pick: number,
): readonly Step[] {
  const { fault, act: acts, leap: leapt, idle, step } = SHARE;
  if (kind < fault) return nth(faultSteps(world, left), pick);
  if (kind < fault + acts) return left.act > 0 ? act(world, left, pick) : [];
  if (kind < fault + acts + leapt)
    return left.leap > 0 ? [leap(world, left, leaps[pick % leaps.length]!)] : [];
  if (kind < fault + acts + leapt + idle) return some(world.idle(), pick);
  const steps = world.progress();
  if (steps.length === 0) return some(world.idle(), pick);
  return kind < fault + acts + leapt + idle + step ? nth(steps, pick) : some(steps, pick);
}

/** About half of them, by the bits of the pick. */
function some(steps: readonly Step[], pick: number): Step[] {
  return steps.filter(({ rare }, i) => {
    const bits = rare ? 0b1111 : 1;
    return ((pick >> (i % 12)) & bits) === bits;
  });
}

async function perform(world: World, steps: readonly Step[], log: string[]): Promise<void> {
  world.now++;
  for (const { what, run } of steps) {
    log.push(`${world.now} ${what}`);
    run();
  }
  if (steps.length > 0) await settle();
}

function nth(steps: readonly Step[], pick: number): Step[] {
  return steps.length > 0 ? [steps[pick % steps.length]!] : [];
}

function faultSteps(world: World, left: Budget): Step[] {
  return faultsOf(world, left).map(({ what, of, run }) => ({
    what: `FAULT ${what}`,
    run: () => (left[of]--, run()),
  }));
}

function act(world: World, left: Budget, pick: number): Step[] {
  const { person } = world;
  const submission = SUBMISSIONS[pick % 2]!;
  const choice = Math.floor(pick / 2) % (WISHES.length + MOVES.length);
  const begin = person.idle()[0];
  if (!begin || !world.tables.submission.has(submission)) return [];
  const wish = WISHES[choice];
  const move = MOVES[choice - WISHES.length];
  const what = `ACT ${move ?? `retry ${JSON.stringify(wish)}`} ${submission.slice(-1)}`;
  const run = () => {
    left.act--;
    if (move) person.move(submission, move);
    else person.retry(submission, wish!);
    begin.run();
  };
  return [{ what, run }];
}

function leap(world: World, left: Budget, by: number): Step {
  return { what: `LEAP ${by} ms`, run: () => (left.leap--, (world.now += by)) };
}

export interface Rest {
  /** Whether nothing is left to do. */
  done(): boolean;
  /** The clock goes no further than this, where it gets in any case: what is owed may wait for a lease to run out. */
  until: number;
}

/** How often the clock may go on before all must be over. */
const MOST_ROUNDS = 60;
/** Something may be found at one look that the next one ends. */
const LOOKS = 3;
const MOST_TURNS = 1_000;

/** Nothing goes wrong any more: all that can be done is done, and where nothing can, the clock goes on to what is due next. */
export async function rest(world: World, { done, until }: Rest): Promise<string[]> {
  const steps: string[] = [];
  for (const process of world.processes) process.asleep = false;
  for (const member of world.members) member.lags = false;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    for (let look = 0; look < LOOKS; look++) {
      await carryOn(world, steps);
      if (done()) return steps;
      await perform(world, world.idle(), steps);
      resume(world);
    }
    if (world.now >= until) return steps;
    const due = Math.min(nextDue(world), until);
    steps.push(`${world.now} the clock goes on to ${due}`);
    world.now = due;
  }
  return steps;
}

/** What one process has begun, to its end, while all others stand still. */
export async function finish(world: World, process: Process): Promise<void> {
  for (let steps = process.progress(); steps.length > 0; steps = process.progress())
    await perform(world, steps, []);
}

/** All that can be done now, and what follows from it, until nothing can. */
async function carryOn(world: World, log: string[]): Promise<void> {
  for (let n = 0; n < MOST_TURNS; n++) {
    const steps = world.progress();
    if (steps.length === 0) return;
    await perform(world, steps, log);
  }
}

/** Whoever paused something goes on with it in the end: a paused list waits for people, not for us. */
function resume({ tables, person }: World): void {
  const paused = [...tables.submission.values()].find(({ state }) => state === 'paused');
  if (!paused) return;
  person.move(paused.id, 'resume');
  person.idle()[0]?.run();
}
