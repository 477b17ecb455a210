import type { Database } from '@assay/database';
import type { Control } from '@assay/fetching';
import type { Logger } from '@assay/telemetry';

const EVERY_MS = 1_000;

/**
 * A cancel counts until all rows that were dispatched before it have closed, whatever became of the submission since
 * (a retry makes it run again), and for the grace on top, since our clocks are not all the same: none lives longer
 * than a week.
 */
const CONTROLLED = `
SELECT id, state = 'paused' AS paused, state = 'cancelled' AS over, (extract(epoch FROM cancelled_at) * 1000)::float8 AS "cancelledAt"
FROM submission
WHERE state = 'paused' OR (cancelled_at > now() - interval '8 days'
  AND cancelled_at + (deadline_ms + grace_ms) * interval '1 millisecond' > now())`;

type State = 'paused' | 'cancelled';

interface Controlled {
  readonly id: string;
  readonly paused: boolean;
  /** Cancelled, and not retried since. */
  readonly over: boolean;
  /** When it was cancelled last. By the database's clock, in ms since 1970; null: never. */
  readonly cancelledAt: number | null;
}

/** Which submissions people have paused or cancelled, read once a second for the whole process. */
export class SubmissionControl implements Control {
  #states: ReadonlyMap<string, Controlled> = new Map();
  #lists: Readonly<Record<State, string[]>> = { paused: [], cancelled: [] };
  readonly #onChanged: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  stateOf({ submission, dispatchedAt }: Parameters<Control['stateOf']>[0]): State | undefined {
    const controlled = this.#states.get(submission);
    if (!controlled) return undefined;
    if (dispatchedAt <= (controlled.cancelledAt ?? -Infinity)) return 'cancelled';
    return controlled.paused ? 'paused' : undefined;
  }

  get paused(): readonly string[] {
    return this.#lists.paused;
  }

  get cancelled(): readonly string[] {
    return this.#lists.cancelled;
  }

  onChanged(callback: () => void): void {
    this.#onChanged.push(callback);
  }

  /** Resolves when it knows: nothing is asked before. */
  async start(): Promise<void> {
    await this.#read();
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#read()
        // While PostgreSQL is away nobody can have decided anything new.
        .catch((error: unknown) =>
          this.logger.warn({ err: error }, 'submissions paused or cancelled: not read'),
        )
        .finally(() => this.#stopped || this.#schedule());
    }, EVERY_MS);
  }

  async #read(): Promise<void> {
    const query = { name: 'fetcher.control', text: CONTROLLED };
    const { rows } = await this.database.query<Controlled & Record<string, unknown>>(query);
    const changed =
      rows.length !== this.#states.size || rows.some((row) => !same(row, this.#states.get(row.id)));
    if (!changed) return;
    this.#states = new Map(rows.map((row) => [row.id, row]));
    const ids = (which: (row: Controlled) => boolean) => rows.filter(which).map(({ id }) => id);
    this.#lists = {
      paused: ids(({ paused }) => paused),
      cancelled: ids(({ over }) => over),
    };
    for (const callback of this.#onChanged) callback();
  }
}

function same(a: Controlled, b: Controlled | undefined): boolean {
  return a.paused === b?.paused && a.over === b.over && a.cancelledAt === b.cancelledAt;
}
