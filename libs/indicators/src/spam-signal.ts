import type { NumbersByAsk } from './numbers-by-ask.js';

export interface SpamInput {
  /** Normalised. */
  readonly url: string;
  readonly host: string;
  readonly domain: string;
  readonly numbers: NumbersByAsk;
}

/** What one signal says: how far it moves the log-odds of spam, and why, for people. */
export interface Contribution {
  readonly weight: number;
  readonly reason: string;
}

/** undefined where the signal was not measured or does not speak. */
export type SpamSignal = (input: SpamInput) => Contribution | undefined;
