import { LANES, type Lane, type RowJoined, type UrlSubmitted } from '@assay/contracts';
import { isDataFault, type Database } from '@assay/database';
import { createGroupFlush, GiveUp, Unstorable, type GroupFlush, type MessageContext } from '@assay/messaging';
import { queueGauges } from '@assay/telemetry';
import { flushRows } from './flush-rows.js';
import { rowKey, type RowId } from './row-key.js';
import type { JoinedEvent, StoreEvent } from './store-event.js';

export interface StoreLanesSettings {
  readonly database: Database;
  /** How long a bulk flush that is not full waits for company. */
  readonly bulkFlushMs: number;
  /** Milliseconds since 1970. */
  clock(): number;
}

const MAX_EVENTS_PER_FLUSH = 500;
/** Messages in flight per lane: two flushes' worth, so that the next gathers while one is written. */
export const WINDOW: Readonly<Record<Lane, number>> = { express: 500, bulk: 1_000 };
/**
 * Answers are committed before anything points to them, so one that is missing was lost. Shorter than
 * the 20 s that all tries of a message take at least: the message ends as a dead letter, not the process.
 */
const ANSWER_WITHIN_MS = 18_000;
/** Messages in work of both lanes. What went to another member is forgotten when others come. */
const MOST_MISSING = 2_000;

/** What both readers share: one group flush a lane, so that a row is in one flush at a time. */
export class StoreLanes {
  readonly #flushes: Readonly<Record<Lane, GroupFlush<StoreEvent>>>;
  readonly #missingSince = new Map<string, number>();

  constructor(private readonly settings: StoreLanesSettings) {
    const lane = (maxWaitMs: number) =>
      createGroupFlush<StoreEvent>({
        maxItems: MAX_EVENTS_PER_FLUSH,
        maxWaitMs,
        flush: (events) => store(events, settings.database),
      });
    this.#flushes = { express: lane(0), bulk: lane(settings.bulkFlushMs) };
  }

  submitted(message: UrlSubmitted, { lane, partition }: MessageContext): Promise<void> {
    const { plan, seq } = message;
    return this.#flushes[lane].add({
      kind: 'submitted',
      submission: plan.submission,
      seq,
      partition,
      message,
    });
  }

  /** @throws AnswerMissing to be tried again, GiveUp once that has lasted for 18 s */
  async joined(message: RowJoined, { lane, partition }: MessageContext): Promise<void> {
    const { plan, seq } = message;
    const event: JoinedEvent = { kind: 'joined', submission: plan.submission, seq, partition, message };
    await this.#flushes[lane].add(event);
    if (event.failure) this.#refuse(event, event.failure);
    if (this.#missingSince.size > 0) this.#missingSince.delete(rowKey(event));
  }

  /** See `GroupFlush.takeSlowestMs`. */
  takeExpressFlushMs(): number | undefined {
    return this.#flushes.express.takeSlowestMs();
  }

  /** Gauges of what it holds; each of what it returns ends one. */
  measure(): (() => void)[] {
    return [
      ...LANES.map((lane) =>
        queueGauges.add('store.flush', WINDOW[lane], () => this.#flushes[lane].held, lane),
      ),
      queueGauges.add('store.missing_answers', MOST_MISSING, () => this.#missingSince.size),
    ];
  }

  #refuse(row: RowId, failure: Error): never {
    const key = rowKey(row);
    const now = this.settings.clock();
    const since = this.#missingSince.get(key) ?? now;
    this.#missingSince.set(key, since);
    if (this.#missingSince.size > MOST_MISSING)
      this.#missingSince.delete(this.#missingSince.keys().next().value!);
    if (now - since < ANSWER_WITHIN_MS) throw failure;
    this.#missingSince.delete(key);
    throw new GiveUp('answer_missing', failure.message);
  }
}

/** @throws Unstorable where a value of one event fits no column: the lane then finds out which. */
async function store(events: readonly StoreEvent[], database: Database): Promise<void> {
  try {
    await flushRows(events, database);
  } catch (error) {
    throw isDataFault(error) ? new Unstorable(error) : error;
  }
}
