import { copyRows, copyText, type Database } from '@assay/database';
import { RowPlacer } from '../lines/count-sketch.js';
import { LINE_TOO_LONG, normaliseLine } from '../lines/normalise-url.js';
import { readableLine } from '../lines/readable-line.js';

type Client = Parameters<Parameters<Database['transaction']>[0]>[0];

/** COPY text that is gathered before it is written; one more chunk may be on its way. */
const CHUNK_CHARACTERS = 256 * 1024;
/** With what the last piece of a body that was taken before may add: 8 KB of it are 2,700 rejected lines at most. */
export const MOST_CHUNK_BYTES = 2.5 * CHUNK_CHARACTERS;
/** A live upload touches its row this often, so that nobody takes it for the leftover of a killed process. */
const TOUCH_EVERY_MS = 15_000;

const LINE_COLUMNS = ['submission', 'seq', 'url', 'host', 'domain', 'bucket', 'turn'];
const REJECTED_COLUMNS = ['submission', 'seq', 'line', 'reason'];

interface Chunk {
  readonly lines: string[];
  readonly rejected: string[];
  size: number;
}

/** The row of an upload was cleaned away below it: nothing of it may be kept. */
export class SpoolLost extends Error {}

/**
 * Takes the lines of one upload into PostgreSQL at flat memory: whole chunks by COPY, at most one on its
 * way while the next gathers. A list that fits in one chunk is written by `finishSpool` alone.
 */
export class Spool {
  private readonly placer = new RowPlacer();
  private chunk: Chunk = emptyChunk();
  private flushing: Promise<void> = Promise.resolve();
  private flushingSize = 0;
  private touchedAt = 0;
  /** Lines that are URLs, duplicates among them. */
  taken = 0;
  rejected = 0;
  /** Something of it is in the tables already. */
  spilled = false;

  constructor(
    private readonly database: Database,
    readonly id: string,
  ) {}

  /** One line that is not blank. `cut`: longer than a line may be, and shortened. */
  take(seq: number, text: string, cut = false): void {
    const line = cut ? ({ ok: false, reason: LINE_TOO_LONG } as const) : normaliseLine(text);
    if (!line.ok) return this.reject(seq, text, line.reason);
    const { url, host, domain } = line;
    const { bucket, turn } = this.placer.place(host, domain);
    this.taken += 1;
    this.add(
      this.chunk.lines,
      `${this.id}\t${seq}\t${copyText(url)}\t${copyText(host)}\t${copyText(domain)}\t${bucket}\t${turn}\n`,
    );
  }

  reject(seq: number, text: string, reason: string): void {
    this.rejected += 1;
    this.add(
      this.chunk.rejected,
      `${this.id}\t${seq}\t${copyText(readableLine(text))}\t${copyText(reason)}\n`,
    );
  }

  private add(to: string[], line: string): void {
    to.push(line);
    this.chunk.size += line.length;
  }

  /** Characters that wait for the tables. */
  get held(): number {
    return this.chunk.size + this.flushingSize;
  }

  /** No more should be taken before it has settled. */
  get isFull(): boolean {
    return this.chunk.size >= CHUNK_CHARACTERS;
  }

  /** Waits while the tables are behind. Call it between pieces of the body. */
  async settle(now: number): Promise<void> {
    if (this.isFull || (this.spilled && now - this.touchedAt > TOUCH_EVERY_MS)) {
      await this.flushing;
      const full = this.chunk;
      this.chunk = emptyChunk();
      this.touchedAt = now;
      const first = !this.spilled;
      this.spilled = true;
      this.flushingSize = full.size;
      this.flushing = this.database
        .transaction((client) => this.flush(client, full, first))
        .finally(() => (this.flushingSize = 0));
      // Seen by the next settle or by drain; until then it must not count as unhandled.
      this.flushing.catch(() => undefined);
    }
  }

  /** Resolves when nothing is on its way any more; rejects where a chunk could not be written. */
  drain(): Promise<void> {
    return this.flushing;
  }

  /** Writes what was gathered last. Inside the transaction that ends the upload. */
  async writeRest(client: Client): Promise<void> {
    await this.write(client, this.chunk);
    this.chunk = emptyChunk();
  }

  private async flush(client: Client, chunk: Chunk, first: boolean): Promise<void> {
    const text = first ? BEGIN_RECEIVING : TOUCH;
    const touched = await client.query({
      name: first ? 'spool-begin' : 'spool-touch',
      text,
      values: [this.id],
    });
    if (touched.rowCount !== 1) throw new SpoolLost(`submission ${this.id} is gone`);
    await this.write(client, chunk);
  }

  private async write(client: Client, chunk: Chunk): Promise<void> {
    if (chunk.lines.length > 0) await copyRows(client, 'submission_line', LINE_COLUMNS, chunk.lines.join(''));
    if (chunk.rejected.length > 0)
      await copyRows(client, 'rejected_line', REJECTED_COLUMNS, chunk.rejected.join(''));
  }
}

/** Lane, asks and deadlines are settled when the upload ends. */
const BEGIN_RECEIVING = `
INSERT INTO submission (id, state, lane, asks, round1_ms, deadline_ms, grace_ms, patience_ms)
VALUES ($1, 'receiving', 'bulk', '{}', 0, 0, 0, 0)`;

const TOUCH = `UPDATE submission SET touched_at = now() WHERE id = $1 AND state = 'receiving'`;

function emptyChunk(): Chunk {
  return { lines: [], rejected: [], size: 0 };
}
