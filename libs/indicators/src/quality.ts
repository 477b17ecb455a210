import type { Quality } from '@assay/contracts';
import type { NumbersByAsk } from './numbers-by-ask.js';
import { QUALITY_SIGNALS } from './quality-signals.js';

const WHOLE_WEIGHT = QUALITY_SIGNALS.reduce((sum, { weight }) => sum + weight, 0);

/**
 * How good a page is by its measured numbers:
 *
 *     score    = 100 × Σ weight × value / Σ weight      over the signals that were measured
 *     coverage = Σ weight of those / Σ weight of all
 *
 * with values from 0 to 1 (see QUALITY_SIGNALS). A missing number is left out on both sides, never
 * taken as 0; null where nothing was measured. One decimal; coverage two.
 */
export function quality(numbers: NumbersByAsk): Quality {
  let weights = 0;
  let sum = 0;
  for (const { weight, value } of QUALITY_SIGNALS) {
    const measured = value(numbers);
    if (measured === undefined) continue;
    weights += weight;
    sum += weight * measured;
  }
  const coverage = Math.round((100 * weights) / WHOLE_WEIGHT) / 100;
  return { score: weights === 0 ? null : Math.round((1_000 * sum) / weights) / 10, coverage };
}
