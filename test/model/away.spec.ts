import fc from 'fast-check';
import { SOUND } from './flaws.js';
import { expectSound, playAway } from './runs.js';
import { picks } from './schedule.js';
import { parameters, SECONDS } from './size.js';
import { truths } from './truth.js';

test(
  'joiners that were away past the close of round one choose by what was found in time',
  async () => {
    await fc.assert(
      fc.asyncProperty(truths(false), fc.tuple(picks(80), picks(80)), async (truth, numbers) => {
        expectSound(await playAway(truth, numbers, SOUND));
      }),
      parameters(0.1),
    );
  },
  SECONDS,
);
