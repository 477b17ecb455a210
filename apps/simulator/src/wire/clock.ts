/** The simulator's time: the machine's, moved forward by whoever tests quotas and times to live. */
export class Clock {
  #ahead = 0;

  constructor(private readonly machine: () => number) {}

  readonly now = (): number => this.machine() + this.#ahead;

  /** @throws RangeError for a step back: what was counted cannot be uncounted */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError('advanceMs must be 0 or more');
    this.#ahead += ms;
  }
}
