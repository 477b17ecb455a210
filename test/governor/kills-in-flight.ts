import { eventually } from '@assay/testing';
import type { TestSystem } from '../harness/start-system.js';

interface Worker extends Record<string, unknown> {
  readonly id: string;
  /** Calls it has claimed and not ended. */
  readonly open: number;
  /** Not heard in the second since the last kill. */
  readonly silent: boolean;
}

const WORKERS = `
SELECT w.id, count(c.id)::int AS open,
  w.seen_at <= $1::timestamptz AND clock_timestamp() > $1::timestamptz + interval '1 s' AS silent
FROM worker w LEFT JOIN call c ON c.worker = w.id AND c.ended_at IS NULL GROUP BY w.id`;
const IN_FLIGHT_WITHIN_MS = 60_000;

/** Kills fetchers of one group at moments when each that lives has calls in flight, by chance which and when. */
export class KillsInFlight {
  readonly #dead = new Set<string>();

  constructor(
    private readonly system: TestSystem,
    /** Names of the replicas. */
    private readonly names: readonly string[],
    /** 0–1. */
    private readonly random: () => number,
    /** Up to so long after that moment, so that a kill falls anywhere in a call. */
    private readonly longestPauseMs = 0,
  ) {}

  /** Resolves to the calls that the killed process had in flight, by the ledger; 0: it had just ended its last. */
  async kill(): Promise<number> {
    const ready = await this.#allInFlight();
    const until = Date.now() + this.random() * this.longestPauseMs;
    await eventually(Date.now, (now) => now >= until);
    const victim = ready[Math.floor(this.random() * ready.length)]!;
    const at = await this.#now();
    this.system.system.supervisor.service(victim).signal('SIGKILL');
    return this.#lost(at);
  }

  /** Names of those that are ready, once each of them has calls in flight. */
  async #allInFlight(): Promise<string[]> {
    const { ready } = await eventually(
      async () => ({
        workers: await this.#living(),
        ready: this.names.filter((name) => this.#isReady(name)),
      }),
      ({ workers, ready: names }) =>
        names.length > 0 && workers.filter(({ open }) => open > 0).length >= names.length,
      IN_FLIGHT_WITHIN_MS,
    );
    return ready;
  }

  /**
   * The living are heard each second, and the killed one's calls are not ended by others before 3 s: the one that stays
   * silent is it. A purchase that it had sent off may be committed after its end: the most that is seen in a second counts.
   */
  async #lost(killedAt: Date): Promise<number> {
    const open = new Map<string, number>();
    const silent = await eventually(
      async () => {
        const workers = await this.#living(killedAt);
        for (const one of workers) open.set(one.id, Math.max(one.open, open.get(one.id) ?? 0));
        return workers.filter((one) => one.silent);
      },
      ({ length }) => length === 1,
    );
    const { id } = silent[0]!;
    this.#dead.add(id);
    return open.get(id)!;
  }

  async #living(heardAfter?: Date): Promise<Worker[]> {
    const { rows } = await this.system.database.query<Worker>(WORKERS, [heardAfter ?? null]);
    return rows.filter(({ id }) => !this.#dead.has(id));
  }

  async #now(): Promise<Date> {
    const { rows } = await this.system.database.query<{ at: Date }>('SELECT clock_timestamp() AS at');
    return rows[0]!.at;
  }

  #isReady(name: string): boolean {
    return this.system.notes.findLast((note) => note.startsWith(`${name} `)) === `${name} ready`;
  }
}
