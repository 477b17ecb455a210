import type { Database } from '@assay/database';

const ROWS_PER_WRITE = 500;

/** Writes rows as the joiner's flushes do, one statement after the other, all over the table: dead versions pile up. */
export class Writers {
  private running = false;
  #written = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  start(): void {
    this.running = true;
    this.#writing = this.#write();
  }

  /** Resolves with the rows that were written. */
  async stop(): Promise<number> {
    this.running = false;
    await this.#writing;
    return this.#written;
  }

  async #write(): Promise<void> {
    for (let from = 0; this.running; from++) {
      const values = [from, ROWS_PER_WRITE];
      const { rowCount } = await this.database.query({ name: 'bench-write', text: WRITE, values });
      this.#written += rowCount ?? 0;
    }
  }
}

/** 500 rows of one of 40 lists after the other; what is due stays due, and what the sweep holds is left to it. */
const WRITE = `
WITH list AS (
  SELECT id FROM submission WHERE state = 'running' AND lane = 'bulk' ORDER BY id OFFSET $1::int % 40 LIMIT 1
), picked AS (
  SELECT p.submission, p.seq FROM pending_row p JOIN list ON p.submission = list.id
  WHERE p.seq > ($1::int / 40 % 40) * $2::int AND p.seq <= ($1::int / 40 % 40 + 1) * $2::int
  FOR UPDATE OF p SKIP LOCKED
)
UPDATE pending_row p SET revision = p.revision + 1, state = p.state,
  sweep_at = CASE WHEN p.sweep_at > now() + interval '10 minutes' THEN p.sweep_at - interval '1 second' ELSE p.sweep_at END
FROM picked WHERE p.submission = picked.submission AND p.seq = picked.seq`;
