import type { Spam } from '@assay/contracts';
import { MEASURED_SIGNALS } from './measured-signals.js';
import { NAME_SIGNALS } from './name-signals.js';
import type { Contribution, SpamInput, SpamSignal } from './spam-signal.js';

/** Changes with every change of a weight: stored rows say which formula judged them. */
export const SPAM_MODEL = 'fixed-1';
/** Log-odds before anything is known: about 4 in 100 pages are spam. */
const PRIOR = -3.2;
const FLAG_FROM = 0.5;
const MOST_REASONS = 5;

/**
 * Probability that a page is spam, by a fixed logistic formula:
 *
 *     probability = 1 / (1 + e^−(−3.2 + Σ weight))      over the signals that speak
 *
 * A number that is missing moves nothing: not knowing is no sign of spam. null where no provider
 * measured anything, whatever the name looks like. Reasons are the five that move it most, with their
 * weights, plus speaking for spam.
 */
export function spam(input: SpamInput): Spam {
  const measured = Object.values(input.numbers).some((numbers) => Object.keys(numbers).length > 0);
  if (!measured) return { probability: null, flag: null, reasons: [], model: SPAM_MODEL };
  const spoken = [...contributions(MEASURED_SIGNALS, input), ...contributions(NAME_SIGNALS, input)];
  const logOdds = spoken.reduce((sum, { weight }) => sum + weight, PRIOR);
  const probability = Math.round(10_000 / (1 + Math.exp(-logOdds))) / 10_000;
  return { probability, flag: probability >= FLAG_FROM, reasons: reasonsOf(spoken), model: SPAM_MODEL };
}

function contributions(signals: readonly SpamSignal[], input: SpamInput): Contribution[] {
  const spoken: Contribution[] = [];
  for (const signal of signals) {
    const contribution = signal(input);
    if (contribution) spoken.push(contribution);
  }
  return spoken;
}

function reasonsOf(spoken: readonly Contribution[]): string[] {
  return spoken
    .filter(({ weight }) => Math.abs(weight) >= 0.1)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, MOST_REASONS)
    .map(({ weight, reason }) => `${reason} (${weight > 0 ? '+' : '−'}${Math.abs(weight).toFixed(1)})`);
}
