import type { Database } from '@assay/database';
import type { Tail } from './places.js';
import { newestPerCell, type ParkedRow } from './parked-row.js';
import {
  ANY_PARKED,
  INSERT,
  PUT_BACK,
  RELEASE,
  REMOVE,
  RENEW,
  STRETCH,
  TAILS,
  TAKE,
  TAKE_OVERDUE,
} from './parked-sql.js';

/** Which rows may be taken now. */
export interface TakeWish {
  readonly partitions: readonly number[];
  readonly asks: readonly string[];
  /** Limit keys whose rows are left where they are. */
  readonly closed: readonly string[];
  readonly perKey: number;
  readonly most: number;
  readonly paused: readonly string[];
  readonly cancelled: readonly string[];
}

export interface TableSettings {
  readonly database: Database;
  readonly provider: string;
  /** Whose leases these are. */
  readonly owner: string;
  readonly leaseMs: number;
}

/** Rows are taken so much before their time: they wait the rest in place, and the next permit finds somebody there. */
export const AHEAD_MS = 500;

type SqlRow = Omit<ParkedRow, 'seq'> & { readonly seq: string };

/** Table `parked`, as one provider of one process sees it. */
export class ParkedTable {
  constructor(private readonly settings: TableSettings) {}

  /** Keeps the higher generation; of one generation the earlier start and the later end. */
  async insert(rows: readonly ParkedRow[]): Promise<void> {
    await this.#run('insert', INSERT, [JSON.stringify(newestPerCell(rows)), this.settings.provider]);
  }

  async tails(limitKeys: readonly string[]): Promise<Map<string, Tail>> {
    const rows = await this.#run<Tail & { limitKey: string }>('tails', TAILS, [
      this.settings.provider,
      limitKeys,
    ]);
    return new Map(rows.map(({ limitKey, ...tail }) => [limitKey, tail]));
  }

  /** Whether anything at all is parked on these partitions. */
  async any(partitions: readonly number[]): Promise<boolean> {
    const values = [this.settings.provider, partitions];
    return (await this.#run<{ any: boolean }>('any', ANY_PARKED, values))[0]!.any;
  }

  /** Takes what is due, by lease: others see it again once that ends. In the order of their patience. */
  async take(wish: TakeWish): Promise<ParkedRow[]> {
    const { provider, owner, leaseMs } = this.settings;
    const { partitions, asks, closed, perKey, most, paused, cancelled } = wish;
    const values = [
      provider,
      owner,
      leaseMs,
      AHEAD_MS,
      partitions,
      asks,
      closed,
      perKey,
      most,
      paused,
      cancelled,
    ];
    return this.#taken('take', TAKE, values);
  }

  /** Moves the rows of a key apart: the first at `from`, each other one `stepMs` after the one before it. */
  async stretch(limitKey: string, from: number, stepMs: number): Promise<void> {
    await this.#run('stretch', STRETCH, [this.settings.provider, limitKey, from, stepMs]);
  }

  /** Takes rows of these keys that would start after their patience, by lease. */
  takeOverdue(
    limitKeys: readonly string[],
    { partitions, asks, most }: Pick<TakeWish, 'partitions' | 'asks' | 'most'>,
  ): Promise<ParkedRow[]> {
    const { provider, owner, leaseMs } = this.settings;
    const values = [provider, owner, leaseMs, limitKeys, partitions, asks, most];
    return this.#taken('take-overdue', TAKE_OVERDUE, values);
  }

  async #taken(name: string, text: string, values: unknown[]): Promise<ParkedRow[]> {
    const rows = await this.#run<SqlRow>(name, text, values);
    return rows
      .map((row) => ({ ...row, seq: Number(row.seq) }))
      .sort((a, b) => a.waitUntil - b.waitUntil || a.seq - b.seq);
  }

  /** Those below change only rows whose lease is ours, in the generation that was taken. */
  async remove(rows: readonly ParkedRow[]): Promise<void> {
    await this.#owned('remove', REMOVE, rows);
  }

  /** Gives rows back with their new wait. */
  async putBack(rows: readonly ParkedRow[]): Promise<void> {
    await this.#owned('put-back', PUT_BACK, rows);
  }

  async release(rows: readonly ParkedRow[]): Promise<void> {
    await this.#owned('release', RELEASE, rows);
  }

  async renew(rows: readonly ParkedRow[]): Promise<void> {
    await this.#owned('renew', RENEW, rows, [this.settings.leaseMs]);
  }

  async #owned(name: string, text: string, rows: readonly ParkedRow[], more: unknown[] = []): Promise<void> {
    const slim = rows.map(({ plan: _, ...row }) => row);
    await this.#run(name, text, [JSON.stringify(slim), this.settings.provider, this.settings.owner, ...more]);
  }

  async #run<R extends object>(name: string, text: string, values: unknown[]): Promise<R[]> {
    const query = { name: `fetcher.parked.${name}`, text, values };
    return (await this.settings.database.query<R>(query)).rows;
  }
}
