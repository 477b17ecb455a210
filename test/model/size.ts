import type { Parameters } from 'fast-check';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 2_000);
/** As fast-check prints them of a run that failed. */
const SEED = process.env['MODEL_SEED'];
const PATH = process.env['MODEL_PATH'];

export const SECONDS = Math.max(120_000, RUNS * 200);

/** A share of all runs. The seed and the path of a failure stand in its message, and play it again. */
export function parameters<T>(share: number): Parameters<T> {
  return {
    numRuns: Math.ceil(RUNS * share),
    ...(SEED !== undefined && { seed: Number(SEED) }),
    ...(PATH !== undefined && { path: PATH }),
    endOnFailure: process.env['MODEL_SHRINK'] === 'no',
  };
}
