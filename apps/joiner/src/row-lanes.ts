import { LANES, type Lane, type Metric, type UrlSubmitted } from '@assay/contracts';
import { isDataFault, type Database } from '@assay/database';
import {
  createGroupFlush,
  GiveUp,
  Unstorable,
  type GroupFlush,
  type MessageContext,
  type Publisher,
} from '@assay/messaging';
import { queueGauges } from '@assay/telemetry';
import type { AskCatalogue } from './ask-catalogue.js';
import { flushRows, type FlushSettings, type RowWork } from './flush-rows.js';
import { RowCache } from './row-cache.js';

export interface RowLanesSettings {
  readonly database: Database;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly catalogue: AskCatalogue;
  /** How long a bulk flush that is not full waits for company. */
  readonly bulkFlushMs: number;
  clock(): number;
}

const MAX_EVENTS_PER_FLUSH = 500;
/** All that may be in flight of one submission; about 40 MB a lane, and never more than 64. */
const CACHE = { rows: 20_000, bytes: 64 * 1024 * 1024 };
/** The readers' messages in work (8 MB a lane) at 80 bytes a cell, and one turn of the sweep. */
const MOST_IN_WORK = 105_000;

/** What the three readers and the sweep share: one group flush a lane, so that a row is in one flush at a time. */
export class RowLanes {
  readonly #flushes: Readonly<Record<Lane, GroupFlush<RowWork>>>;
  readonly #caches: Readonly<Record<Lane, RowCache>>;

  constructor(settings: RowLanesSettings) {
    const caches = { express: new RowCache(CACHE), bulk: new RowCache(CACHE) };
    this.#caches = caches;
    const lane = (name: Lane, maxWaitMs: number) =>
      createGroupFlush<RowWork>({
        maxItems: MAX_EVENTS_PER_FLUSH,
        maxWaitMs,
        flush: (work) => join(work, { ...settings, lane: name, cache: caches[name] }),
      });
    this.#flushes = { express: lane('express', 0), bulk: lane('bulk', settings.bulkFlushMs) };
  }

  submitted(message: UrlSubmitted, context: MessageContext): Promise<void> {
    const { plan, seq, url, host, domain } = message;
    const { timestamp, partition, lane } = context;
    const event = { kind: 'submitted', timestamp, plan, row: { url, host, domain } } as const;
    return this.#flushes[lane].add({ submission: plan.submission, seq, partition, event });
  }

  /** @throws GiveUp where a cell names a plan that its message does not carry. */
  async cells(message: Metric, context: MessageContext): Promise<void> {
    const { ask, plans, cells } = message;
    const { timestamp, partition, lane } = context;
    const work = cells.map((cell): RowWork => {
      const plan = plans[cell.plan];
      if (!plan)
        throw new GiveUp('contract', `cell of row ${cell.seq} names plan ${cell.plan} of ${plans.length}`);
      const event = { kind: 'cell', timestamp, plan, ask, cell } as const;
      return { submission: plan.submission, seq: cell.seq, partition, event };
    });
    await this.add(lane, work);
  }

  async add(lane: Lane, work: readonly RowWork[]): Promise<void> {
    await Promise.all(work.map((one) => this.#flushes[lane].add(one)));
  }

  /** After an assignment somebody else may have changed what was kept. */
  forget(): void {
    for (const lane of LANES) this.#caches[lane].clear();
  }

  /** See `GroupFlush.takeSlowestMs`. */
  takeExpressFlushMs(): number | undefined {
    return this.#flushes.express.takeSlowestMs();
  }

  /** Gauges of what it holds; each of what it returns ends one. */
  measure(): (() => void)[] {
    return LANES.flatMap((lane) => {
      const [flush, cache] = [this.#flushes[lane], this.#caches[lane]];
      return [
        queueGauges.add('joiner.flush', MOST_IN_WORK, () => flush.held, lane),
        queueGauges.add('joiner.cached_rows', CACHE.rows, () => cache.size, lane),
        queueGauges.add('joiner.cached_bytes', CACHE.bytes, () => cache.bytes, lane),
      ];
    });
  }
}

/** @throws Unstorable where a value of one event fits no column: the lane then finds out which. */
async function join(work: readonly RowWork[], settings: FlushSettings): Promise<void> {
  try {
    await flushRows(work, settings);
  } catch (error) {
    throw isDataFault(error) ? new Unstorable(error) : error;
  }
}
