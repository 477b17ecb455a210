import { randomInt } from 'node:crypto';
import type { Parameters } from 'fast-check';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 2_000);
/** `random` explores; the number that a failure prints plays it again. Else always the same runs. */
const FIXED_SEED = 20_260_101;
const wished = process.env['MODEL_SEED'];
export const SEED = wished === 'random' ? randomInt(2 ** 31) : Number(wished ?? FIXED_SEED);
/** As fast-check prints it of a run that failed. */
const PATH = process.env['MODEL_PATH'];

export const SECONDS = Math.max(120_000, RUNS * 200);

/** A share of all runs. The seed and the path of a failure stand in its message, and play it again. */
export function parameters<T>(share: number): Parameters<T> {
  return {
    numRuns: Math.ceil(RUNS * share),
    seed: SEED,
    ...(PATH !== undefined && { path: PATH }),
    endOnFailure: process.env['MODEL_SHRINK'] !== 'yes',
  };
}
