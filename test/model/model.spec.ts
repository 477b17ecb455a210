import fc from 'fast-check';
import { viewOf } from './end-state.js';
import { SOUND } from './flaws.js';
import { playCalm, playWild, POISONED, WILD, WILD_LEAPS, type Ended } from './runs.js';
import { picks } from './schedule.js';
import { truths } from './truth.js';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 2_000);

/** Fails with all that was done, in order. */
function expectSound({ wrong, log }: Ended): void {
  if (wrong.length > 0) throw new Error([...log, '', ...wrong].join('\n'));
}

test('smoke', async () => {
  const at = performance.now();
  const cpu = process.cpuUsage();
  let steps = 0;
  const script = fc.record({
    courses: fc.tuple(picks(150), picks(100)),
    retry: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(truths(false), script, async (truth, course) => {
      const run = await playCalm(truth, course, SOUND, true);
      expectSound(run);
      const reference = await playCalm(truth, course, SOUND, false);
      expectSound(reference);
      steps += run.log.length;
      expect(viewOf(run.world)).toEqual(viewOf(reference.world));
    }),
    { numRuns: 200 },
  );
  console.log(performance.now() - at, steps / 200, process.cpuUsage(cpu));
}, 60_000);

test('wild', async () => {
  const at = performance.now();
  const cpu = process.cpuUsage();
  let steps = 0;
  let takes = 0;
  await fc.assert(
    fc.asyncProperty(truths(true), picks(220), fc.boolean(), async (truth, numbers, poisoned) => {
      const course = { picks: numbers, budget: poisoned ? POISONED : WILD, leaps: WILD_LEAPS };
      const run = await playWild(truth, course, SOUND);
      expectSound(run);
      steps += run.log.length;
      for (const one of run.world.tables.dispatch.values()) takes += one.takes;
    }),
    { numRuns: RUNS / 10 },
  );
  console.log(performance.now() - at, steps / 200, takes, process.cpuUsage(cpu));
}, 60_000);
