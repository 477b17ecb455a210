import { isOver, openOf, wrongCounts } from './end-state.js';
import type { Budget } from './faults.js';
import type { Flaws } from './flaws.js';
import type { Group } from './group.js';
import { finish, play, rest, WISHES, type Course } from './schedule.js';
import { SPAN } from './sql/ingest-sql.js';
import { untrueOf } from './told-truth.js';
import type { Truth } from './truth.js';
import { settle } from './wire.js';
import { SUBMISSIONS, World } from './world.js';

/** What a run came to: what is wrong, and all that was done, in order. */
export interface Ended {
  readonly world: World;
  readonly wrong: readonly string[];
  readonly log: readonly string[];
}

/** Fails with all that was done, in order. */
export function expectSound({ wrong, log }: Ended): void {
  if (wrong.length > 0) throw new Error([...log, '', ...wrong].join('\n'));
}

/** Round one's requests expire 2 s before it closes: until then nothing is decided by time. */
const CALM_MS = 17_500;
const PARK_MS = { calm: 1_000, wild: 9_000 };

export const CALM: Budget = { kill: 2, cut: 3, sleep: 2, lag: 2, rebalance: 3, bury: 0, leap: 4, act: 0 };
export const CALM_LEAPS = [300, 1_100, 2_100];
export const WILD: Budget = { kill: 2, cut: 3, sleep: 2, lag: 3, rebalance: 3, bury: 0, leap: 4, act: 3 };
export const POISONED: Budget = { ...WILD, bury: 1 };
/** No leap outlives a row and its grace, and no dispatcher sleeps: each row begins in time. */
export const UNRECONCILED: Budget = { ...WILD, sleep: 0, kill: 3 };
export const SHORT_LEAPS = [1_100, 5_000, 17_500, 21_000];
/** Of rows that only the sweep ends: enough for the whole course, since what counts comes late in it. */
export const SWEPT: Budget = { kill: 12, cut: 4, sleep: 0, lag: 0, rebalance: 3, bury: 0, leap: 3, act: 0 };
/** To the close of round one and not to the deadline; or to both. */
export const SWEPT_LEAPS = { near: [1_100, 10_100, 11_000], far: [19_500, 20_500, 39_000] };
export const WILD_LEAPS = [1_100, 5_000, 17_500, 21_000, 61_000, 125_000];

const NOTHING: Budget = { kill: 0, cut: 0, sleep: 0, lag: 0, rebalance: 0, bury: 0, leap: 0, act: 0 };

/** Which cells of the first list are asked again once it is complete; undefined: none. */
export interface CalmScript {
  readonly courses: readonly [readonly number[], readonly number[]];
  readonly retry: number | undefined;
}

/**
 * All goes wrong that may, but no time passes that would decide anything: the end must be that of the run
 * without faults. People act between, when all is complete.
 */
export async function playCalm(
  truth: Truth,
  script: CalmScript,
  flaws: Flaws,
  faults: boolean,
): Promise<Ended> {
  const world = new World(truth, flaws, PARK_MS.calm);
  const log: string[] = [];
  const through = async (picks: readonly number[]) => {
    const until = world.now + CALM_MS;
    const course: Course = { picks: faults ? picks : [], budget: CALM, leaps: CALM_LEAPS };
    log.push(
      ...(await play(world, course)),
      ...(await rest(world, { done: () => isOver(world, false), until })),
    );
  };
  await through(script.courses[0]);
  if (script.retry !== undefined && isOver(world, false)) {
    world.person.retry(SUBMISSIONS[0]!, WISHES[script.retry]!);
    world.person.idle()[0]!.run();
    await settle();
    await finish(world, world.person);
    await through(script.courses[1]);
  }
  return { world, log, wrong: [...openOf(world, false), ...wrongOf(world, false)] };
}

/** Whatever happens, whenever: it must end, and nothing may be shown that was not said. */
export async function playWild(
  truth: Truth,
  course: Course,
  flaws: Flaws,
  reconciles = true,
): Promise<Ended> {
  const world = new World(truth, flaws, PARK_MS.wild, reconciles);
  const log = await play(world, course);
  const done = () => isOver(world, reconciles);
  log.push(...(await rest(world, { done, until: Infinity })));
  return { world, log, wrong: [...openOf(world, reconciles), ...wrongOf(world, world.dead.length > 0)] };
}

/** No fetcher runs, nothing is reconciled: what the sweep owes when it is killed must go out all the same. */
export async function playSilent(
  truth: Truth,
  picks: readonly number[],
  flaws: Flaws,
  leaps: keyof typeof SWEPT_LEAPS,
): Promise<Ended> {
  const world = new World(truth, flaws, PARK_MS.wild, false, true);
  const log = await play(world, { picks, budget: SWEPT, leaps: SWEPT_LEAPS[leaps] });
  log.push(...(await rest(world, { done: () => isOver(world, false), until: Infinity })));
  // Nothing is asked from the deadline on.
  const unasked = leaps === 'near' ? unaskedOf(world) : [];
  return { world, log, wrong: [...openOf(world, false), ...wrongOf(world, false), ...unasked] };
}

/** Nobody joins until round one has closed, and then reads in any order: what was found in time lies unread meanwhile. */
export async function playAway(
  truth: Truth,
  [before, after]: readonly [readonly number[], readonly number[]],
  flaws: Flaws,
): Promise<Ended> {
  const world = new World(truth, flaws, PARK_MS.calm, false);
  const [joiners] = world.groups as [Group];
  const { owners } = joiners;
  joiners.rebalance(['nobody']);
  const course = { budget: NOTHING, leaps: [0] };
  const log = await play(world, { ...course, picks: before });
  world.now += SPAN.round1Ms + 1_000;
  joiners.rebalance(owners);
  log.push(...(await play(world, { ...course, picks: after })));
  log.push(...(await rest(world, { done: () => isOver(world, false), until: Infinity })));
  return { world, log, wrong: [...openOf(world, false), ...wrongOf(world, false)] };
}

/** What can be asked with what the row itself says, and was not: asked by the sweep when round one closed. */
function unaskedOf({ tables, history }: World): string[] {
  return [...tables.urlRow.keys()].flatMap((key) =>
    history.units.has(`${key} links 0`) ? [] : [`links of ${key} was never asked`],
  );
}

function wrongOf(world: World, buried: boolean): string[] {
  const dead = buried ? [] : world.dead;
  return [...world.history.faults, ...wrongCounts(world), ...untrueOf(world, buried), ...dead];
}
