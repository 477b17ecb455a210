import type { Database } from '@assay/database';
import type { Control } from '@assay/fetching';
import type { Logger } from '@assay/telemetry';

const EVERY_MS = 1_000;

/** A cancelled one counts until all its dispatched rows have closed: none lives longer than a week. */
const CONTROLLED = `
SELECT id, state, (extract(epoch FROM controlled_at) * 1000)::float8 AS at FROM submission
WHERE state IN ('paused', 'cancelled') AND (state = 'paused' OR (controlled_at > now() - interval '8 days'
  AND controlled_at + deadline_ms * interval '1 millisecond' > now()))`;

type State = 'paused' | 'cancelled';

interface Controlled {
  readonly id: string;
  readonly state: State;
  /** When somebody decided so, by the database's clock, in ms since 1970. */
  readonly at: number | null;
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
    if (controlled?.state === 'cancelled' && dispatchedAt > (controlled.at ?? Infinity)) return undefined;
    return controlled?.state;
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
      rows.length !== this.#states.size ||
      rows.some(({ id, state }) => this.#states.get(id)?.state !== state);
    if (!changed) return;
    this.#states = new Map(rows.map((row) => [row.id, row]));
    const ids = (wanted: State) => rows.flatMap(({ id, state }) => (state === wanted ? [id] : []));
    this.#lists = { paused: ids('paused'), cancelled: ids('cancelled') };
    for (const callback of this.#onChanged) callback();
  }
}
