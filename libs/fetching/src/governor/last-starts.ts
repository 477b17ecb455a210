import type { InHand } from '../permits/permit.js';
import { longerStepMs, type WindowRule } from '../permits/window-rule.js';

type Cost = Pick<InHand, 'calls' | 'units'>;
type Made = Cost & { readonly at: number };

const ONE: Cost = { calls: 1, units: 1 };
const NEVER: Made = { ...ONE, at: -Infinity };

/** The last start made in this process, and the last late one, by our own clock. */
export class LastStarts {
  #last: Made = NEVER;
  #lastLate: Made = NEVER;

  constructor(private readonly rules: readonly WindowRule[]) {}

  made({ calls, units }: Cost = ONE, now: number): void {
    this.#last = { at: now, calls, units };
  }

  madeLate(cost: Cost | undefined, now: number): void {
    this.made(cost, now);
    this.#lastLate = this.#last;
  }

  /** Earliest time of the next start by the timetable. */
  nextAt(stepAtLeast: number): number {
    return this.#last.at + this.#stepMs(this.#last, stepAtLeast);
  }

  /** Earliest time of the next start after the late one. */
  nextAfterLate(stepAtLeast: number): number {
    return this.#lastLate.at + this.#stepMs(this.#lastLate, stepAtLeast);
  }

  /** Earliest time at which a permit that was given out before all knew of the late start may be used. */
  clearOfLate(stepAtLeast: number): number {
    return this.#lastLate.at + this.#stepMs(ONE, stepAtLeast);
  }

  /** From a start that takes so much to the next. */
  #stepMs({ calls, units }: Cost, stepAtLeast: number): number {
    const steps = this.rules.map((rule) =>
      rule.kind === 'spaced' ? longerStepMs(rule, stepAtLeast, rule.of === 'calls' ? calls : units) : 0,
    );
    return Math.max(0, ...steps);
  }
}
