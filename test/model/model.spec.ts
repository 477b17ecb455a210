import fc from 'fast-check';
import { viewOf } from './end-state.js';
import { SOUND } from './flaws.js';
import {
  expectSound,
  playCalm,
  playSilent,
  playWild,
  POISONED,
  SHORT_LEAPS,
  UNRECONCILED,
  WILD,
  WILD_LEAPS,
} from './runs.js';
import { picks, WISHES } from './schedule.js';
import { parameters, SECONDS } from './size.js';
import { truths } from './truth.js';

const script = fc.record({
  courses: fc.tuple(picks(120), picks(80)),
  retry: fc.option(fc.nat({ max: WISHES.length - 1 }), { nil: undefined }),
});

test(
  'killed, cut off, stopped, doubled, reordered and rebalanced at any place: the end is that of the run without faults',
  async () => {
    await fc.assert(
      fc.asyncProperty(truths(false), script, async (truth, course) => {
        const run = await playCalm(truth, course, SOUND, true);
        expectSound(run);
        const reference = await playCalm(truth, course, SOUND, false);
        expectSound(reference);
        expect(viewOf(run.world)).toEqual(viewOf(reference.world));
      }),
      parameters(0.15),
    );
  },
  SECONDS,
);

test(
  'whatever time passes and people do meanwhile: all ends, nothing is owed, shown is what was said',
  async () => {
    await fc.assert(
      fc.asyncProperty(truths(true), picks(200), fc.boolean(), async (truth, numbers, poisoned) => {
        const course = { picks: numbers, budget: poisoned ? POISONED : WILD, leaps: WILD_LEAPS };
        expectSound(await playWild(truth, course, SOUND));
      }),
      parameters(0.45),
    );
  },
  SECONDS,
);

test(
  'without poison, and while dispatchers are awake, no row needs to be taken up again',
  async () => {
    await fc.assert(
      fc.asyncProperty(truths(true), picks(200), async (truth, numbers) => {
        const course = { picks: numbers, budget: UNRECONCILED, leaps: SHORT_LEAPS };
        expectSound(await playWild(truth, course, SOUND, false));
      }),
      parameters(0.15),
    );
  },
  SECONDS,
);

test(
  'a sweep that is killed at any place owes what it has begun: rows that it alone ends are asked and end',
  async () => {
    await fc.assert(
      fc.asyncProperty(truths(false), picks(160), fc.boolean(), async (truth, numbers, near) => {
        expectSound(await playSilent(truth, numbers, SOUND, near ? 'near' : 'far'));
      }),
      parameters(0.25),
    );
  },
  SECONDS,
);
