import fc from 'fast-check';
import { faultsOf, type Budget } from './faults.js';
import type { Step } from './process.js';
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
  fc.array(fc.nat({ max: 0xfffff }), { maxLength: most });

export const WISHES = [
  {},
  { outcomes: ['ok', 'failed', 'skipped', 'absent'] },
  { asks: ['page'], outcomes: ['ok', 'absent', 'failed', 'skipped'] },
  { asks: ['links'], outcomes: ['ok', 'absent', 'failed', 'skipped'] },
  { reasons: ['cancelled', 'no_fact', 'expired'] },
];
const MOVES = ['cancel', 'pause', 'resume'] as const;

/** Of a hundred picks: so many are faults, acts of people, leaps of the clock, and things that begin by themselves. */
const SHARE = { fault: 10, act: 4, leap: 4, idle: 22 };

/** Plays a course; returns what was done, for people to read when it ends badly. */
export async function play(world: World, { picks: numbers, budget, leaps }: Course): Promise<string[]> {
  const left = { ...budget };
  const done: string[] = [];
  for (const number of numbers) {
    const step = chosen(world, leaps, left, number % 100, Math.floor(number / 100));
    await perform(world, step ? [step] : [], done);
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
): Step | undefined {
  const { fault, act: acts, leap: leapt, idle } = SHARE;
  let step: Step | undefined;
  if (kind < fault) step = faultAt(world, left, pick);
  else if (kind < fault + acts && left.act > 0) step = act(world, left, pick);
  else if (kind < fault + acts + leapt && left.leap > 0) step = leap(world, left, leaps[pick % leaps.length]!);
  else if (kind < fault + acts + leapt + idle) step = nth(world.idle(), pick);
  return step ?? nth(world.progress(), pick) ?? nth(world.idle(), pick);
}

async function perform(world: World, steps: readonly Step[], log: string[]): Promise<void> {
  world.now++;
  for (const { what, run } of steps) {
    log.push(`${world.now} ${what}`);
    run();
  }
  if (steps.length > 0) await settle();
}

function nth<T>(steps: readonly T[], pick: number): T | undefined {
  return steps[pick % steps.length];
}

function faultAt(world: World, left: Budget, pick: number): Step | undefined {
  const fault = nth(faultsOf(world, left), pick);
  return fault && { what: `FAULT ${fault.what}`, run: () => (left[fault.of]--, fault.run()) };
}

function act(world: World, left: Budget, pick: number): Step | undefined {
  const { person } = world;
  const submission = SUBMISSIONS[pick % 2]!;
  const choice = Math.floor(pick / 2) % (WISHES.length + MOVES.length);
  const begin = person.idle()[0];
  if (!begin || !world.tables.submission.has(submission)) return undefined;
  const wish = WISHES[choice];
  const move = MOVES[choice - WISHES.length];
  return {
    what: `ACT ${move ?? `retry ${JSON.stringify(wish)}`} ${submission.slice(-1)}`,
    run: () => {
      left.act--;
      if (move) person.move(submission, move);
      else person.retry(submission, wish!);
      begin.run();
    },
  };
}

function leap(world: World, left: Budget, by: number): Step {
  return { what: `LEAP ${by} ms`, run: () => (left.leap--, (world.now += by)) };
}

export interface Rest {
  /** Whether nothing is left to do. */
  done(): boolean;
  /** The clock goes no further than this. */
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
  for (let round = 0; round < MOST_ROUNDS; round++) {
    for (let look = 0; look < LOOKS; look++) {
      await carryOn(world, steps);
      if (done()) return steps;
      await perform(world, world.idle(), steps);
      resume(world);
    }
    const due = nextDue(world);
    if (due > until) return steps;
    steps.push(`${world.now} the clock goes on to ${due}`);
    world.now = due;
  }
  return steps;
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
