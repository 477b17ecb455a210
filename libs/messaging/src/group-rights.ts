/** Requests by which the broker learns that a member lives: both start its session anew. */
const SIGNS_OF_LIFE = new Set(['Heartbeat', 'SyncGroup']);

/**
 * Until when a member of a group may believe that it still is one. Counted from the moment the last successful
 * request left, not from the one its answer came: the broker's clock for this member began in between.
 */
export class GroupRights {
  #sentAt = 0;
  #since: number | undefined;

  constructor(private readonly sessionTimeoutMs: number) {}

  /** A request was answered, with success or not. `sentAt` in ms since 1970. */
  asked(apiName: string, sentAt: number): void {
    if (SIGNS_OF_LIFE.has(apiName)) this.#sentAt = sentAt;
  }

  /** The last sign of life was taken as one of a member. */
  confirmed(): void {
    this.#since = this.#sentAt;
  }

  lost(): void {
    this.#since = undefined;
  }

  /** In ms since 1970; 0 for one that is no member. */
  get until(): number {
    return this.#since === undefined ? 0 : this.#since + this.sessionTimeoutMs;
  }
}
