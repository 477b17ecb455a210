/** Ticks of 300 ms: 30 s. */
const SILENT_TICKS_UNTIL_FATAL = 100;

/**
 * Tells a consumer that came to rest without a word from one that has nothing to do. Counted in ticks and not in time:
 * a process that was stopped and goes on is no silent consumer.
 */
export class SilenceWatch {
  #silent = 0;

  /** A sign of life: a fetch came back, the group answered a heartbeat. */
  heard(): void {
    this.#silent = 0;
  }

  /** True where it is silent for too long. While no lane takes anything nothing is fetched, and silence says nothing. */
  tick(takes: boolean): boolean {
    if (takes) this.#silent++;
    return this.#silent > SILENT_TICKS_UNTIL_FATAL;
  }
}
