import type { QueryPort } from '../answers/query-port.js';

export interface BeatSettings {
  /** Names this process in the ledger. */
  readonly worker: string;
  readonly providers: readonly string[];
  /** A worker that was not seen for so long is dead: its calls are ended by others. Default 6 s. */
  readonly deadAfterMs?: number;
  readonly everyMs?: number;
  /** Monotonic, in ms. */
  readonly now?: () => number;
}

const DEAD_AFTER_MS = 6_000;
const EVERY_MS = 1_000;

const BEAT = `
INSERT INTO worker AS w (id, providers, started_at, seen_at)
VALUES ($1::uuid, $2, clock_timestamp(), clock_timestamp())
ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`;
/** Of processes that were killed, and left no call behind. */
const CLEAR = `
DELETE FROM worker w WHERE seen_at < now() - interval '1 hour'
  AND NOT EXISTS (SELECT FROM call c WHERE c.worker = w.id AND c.ended_at IS NULL)`;
const WITHDRAW = `
DELETE FROM worker WHERE id = $1::uuid
  AND NOT EXISTS (SELECT FROM call WHERE worker = $1::uuid AND ended_at IS NULL)`;

/** Tells all replicas that this process lives, once a second, and knows for how long it has done so. */
export class WorkerBeat {
  /** Run after each beat that was heard. Must not reject. */
  alongside: (() => Promise<void>) | undefined;
  readonly deadAfterMs: number;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #since: number | undefined;
  #last: number | undefined;

  constructor(
    private readonly database: QueryPort,
    private readonly settings: BeatSettings,
  ) {
    this.deadAfterMs = settings.deadAfterMs ?? DEAD_AFTER_MS;
    this.#now = settings.now ?? (() => performance.now());
  }

  /** Since when it has been heard without a gap, by its own clock in ms; undefined before the first time. */
  get aliveSince(): number | undefined {
    return this.#since;
  }

  /** False once others may take this process for dead: it then has no right to begin a call. */
  get mayStart(): boolean {
    return this.#last !== undefined && this.#now() - this.#last < this.deadAfterMs;
  }

  /**
   * True where it has been heard for as long as a dead one has not: so an outage of the database, in which nobody is
   * heard, makes nobody dead.
   */
  get mayJudge(): boolean {
    return this.mayStart && this.#since !== undefined && this.#now() - this.#since >= this.deadAfterMs;
  }

  /** Resolves when it was heard for the first time; rejects where the database is away. */
  async start(): Promise<void> {
    await this.database.query({ text: CLEAR });
    await this.beat();
    const every = this.settings.everyMs ?? EVERY_MS;
    this.#timer = setInterval(() => {
      this.#beating ??= this.beat()
        .then(() => this.alongside?.())
        .catch(() => undefined)
        .finally(() => (this.#beating = undefined));
    }, every).unref();
  }

  /** Takes itself off the list, unless a call of it is still open: then others end that call. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    await this.database.query({ text: WITHDRAW, values: [this.settings.worker] });
  }

  /** Once. Rejects where the database is away. */
  async beat(): Promise<void> {
    const { worker, providers } = this.settings;
    const at = this.#now();
    await this.database.query({ name: 'fetching.beat', text: BEAT, values: [worker, providers] });
    const gap = this.#last === undefined || this.#now() - this.#last > this.deadAfterMs / 2;
    if (gap) this.#since = this.#now();
    this.#last = at;
  }
}
