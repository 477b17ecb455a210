import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { viewOf } from './end-state.js';
import { SOUND, type Flaws } from './flaws.js';
import { playCalm } from './runs.js';
import { picks } from './schedule.js';
import { SECONDS, SEED } from './size.js';
import { truths, type Truth } from './truth.js';

/** Runs within which each flaw must be found: a fraction of those that the sound orders pass. */
const WITHIN = 400;

async function firstFound(
  isSound: (truth: Truth, picks: number[]) => Promise<boolean>,
  numRuns = WITHIN,
): Promise<number> {
  const details = await fc.check(fc.asyncProperty(truths(false), picks(160), isSound), {
    ...{ numRuns, seed: SEED, endOnFailure: true },
  });
  return details.failed ? details.numRuns : Infinity;
}

async function endsAsWithoutFaults(truth: Truth, numbers: readonly number[], flaws: Flaws): Promise<boolean> {
  const script = { courses: [numbers, []], retry: undefined } as const;
  const run = await playCalm(truth, script, flaws, true);
  if (run.wrong.length > 0) return false;
  const reference = await playCalm(truth, script, SOUND, false);
  return isDeepStrictEqual(viewOf(run.world), viewOf(reference.world));
}

// Each breaks the order of effects, or a guard; between which two, says its name.
test.each([
  ['offsets are committed before the work is done', { offsetFirst: true }],
  ['a dispatch is marked as sent before it is', { sentFirst: true }],
  [
    'produces are not waited for: all that is marked after them is marked too early',
    { produceUnawaited: true },
  ],
  ['a parked row is deleted before its cell is out', { removedFirst: true }],
  ['cells go out before their answer is committed', { cellsFirst: true }],
  ['a row is written over what another joiner has made of it meanwhile', { revisionUnguarded: true }],
] satisfies [string, Partial<Flaws>][])(
  'found: %s',
  async (_name, flaw) => {
    const flaws = { ...SOUND, ...flaw };
    const found = await firstFound((truth, numbers) => endsAsWithoutFaults(truth, numbers, flaws));
    expect(found).toBeLessThanOrEqual(WITHIN);
  },
  SECONDS,
);

test(
  'the sound order passes such runs',
  async () => {
    const sound = (truth: Truth, numbers: number[]) => endsAsWithoutFaults(truth, numbers, SOUND);
    expect(await firstFound(sound, 60)).toBe(Infinity);
  },
  SECONDS,
);
