import { LANES, parseTopic, topicOf, type Lane, type MessageName } from '@assay/contracts';
import type { Logger } from '@assay/telemetry';
import type { Consumer, ConsumerGroupJoinEvent, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { CONSUMER_RETRY, createClient } from './client.js';
import { asksIn } from './decode.js';
import { GroupRights } from './group-rights.js';
import { LANE_IN_WORK_BYTES, LANE_WAITING_BYTES, MAX_BYTES_PER_FETCH, measureLanes } from './lane-bounds.js';
import { LaneWindow } from './lane-window.js';
import { MessageWorker, type Handle } from './message-worker.js';
import { OffsetCommitter } from './offset-committer.js';
import type { OffsetBook } from './offset-book.js';
import { OffsetLookup } from './offset-lookup.js';
import { PartitionBooks } from './partition-books.js';
import { publishRecord, type Publisher } from './publisher.js';
import { receive, type Received } from './received.js';
import { isForOthers } from './replay.js';
import { retryDelay } from './retry-delay.js';
import { SilenceWatch } from './silence-watch.js';
import { togetherAssigner } from './together-assigner.js';
import { checkTopics } from './topics.js';

/** Whether this process misses a part it needs, PostgreSQL or Kafka: `Health` of @assay/telemetry. */
export interface Surroundings {
  readonly away: boolean;
  onBack(callback: () => void): void;
}

export interface ConsumerSettings {
  readonly brokers: string;
  readonly group: string;
  readonly messages: readonly MessageName[];
  readonly window: Readonly<Record<Lane, number>>;
  readonly sessionTimeoutMs: number;
  readonly wants?: ((asks: readonly string[]) => boolean) | undefined;
  readonly publisher: Publisher;
  readonly logger: Logger;
  readonly health?: Surroundings | undefined;
  readonly handle: Handle;
  /** Called once, when this consumer can not go on. */
  onFatal(error: unknown): void;
  onAssigned(partitions: readonly number[]): void;
}

const MAX_BYTES_PER_PARTITION = 64 * 1024;
const MAX_FETCH_WAIT_MS = 100;
const TICK_MS = 300;
const DRAIN_WITHIN_MS = 6_000;

/** One consumer of one group: both lanes of its messages, a window each, offsets committed behind the work. */
export class WindowedConsumer {
  readonly #consumer: Consumer;
  readonly #lookup: OffsetLookup;
  readonly #worker: MessageWorker;
  readonly #lanes: Readonly<Record<Lane, LaneWindow<Received>>>;
  readonly #books = new PartitionBooks();
  readonly #committer: OffsetCommitter;
  readonly #topics: Readonly<Record<Lane, string[]>>;
  #memberId: string | undefined;
  #joins = 0;
  readonly #rights: GroupRights;
  readonly #silence = new SilenceWatch();
  #ticker: NodeJS.Timeout | undefined;
  #failed = false;
  #gauges: (() => void)[] = [];
  #stopping: Promise<void> | undefined;

  constructor(private readonly settings: ConsumerSettings) {
    const { group, messages, logger } = settings;
    const kafka = createClient({ ...settings, clientId: group });
    this.#topics = byLane((lane) => messages.map((message) => topicOf(message, lane)));
    this.#worker = new MessageWorker({
      ...settings,
      bury: (letter) => publishRecord(settings.publisher, letter),
      delay: (failedTry) => retryDelay(failedTry, Math.random()),
      holds: (received) => this.#holds(received),
      away: () => this.#away,
      onExhausted: (error) => this.#fail(error),
    });
    settings.health?.onBack(() => this.#worker.tryNow());
    this.#lanes = byLane((lane) => this.#laneWindow(lane));
    this.#committer = new OffsetCommitter(this.#books, logger);
    this.#rights = new GroupRights(settings.sessionTimeoutMs);
    this.#lookup = new OffsetLookup(kafka.admin(), group, logger);
    this.#consumer = kafka.consumer({
      groupId: group,
      partitionAssigners: [
        togetherAssigner(
          () => this.#books.partitions(),
          () => this.#joins++,
        ),
      ],
      sessionTimeout: settings.sessionTimeoutMs,
      rebalanceTimeout: Math.max(settings.sessionTimeoutMs, 10_000),
      heartbeatInterval: Math.floor(settings.sessionTimeoutMs / 4),
      maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
      minBytes: 1,
      maxBytes: MAX_BYTES_PER_FETCH,
      maxWaitTimeInMs: MAX_FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      // A consumer that is to end must not start over when its broker is away.
      retry: { ...CONSUMER_RETRY, restartOnFailure: async () => !this.#stopping },
    });
  }

  /** Resolves when this member has joined its group. */
  async start(): Promise<void> {
    const { partitions } = await checkTopics(this.settings);
    this.#listen();
    this.#gauges = measureLanes(this.settings, this.#lanes);
    await Promise.all([this.#consumer.connect(), this.#lookup.connect()]);
    const topics = LANES.flatMap((lane) => this.#topics[lane]);
    await this.#consumer.subscribe({ topics, fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatch: (payload) => this.#onBatch(payload),
      // One fetch brings at most a batch for each of these: none may wait for another's turn.
      partitionsConsumedConcurrently: partitions * topics.length,
    });
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Takes no more, waits up to 6 s for what is in work, commits, leaves the group. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  partitions(): number[] {
    return this.#books.partitions();
  }

  book(message: MessageName, lane: Lane, partition: number): OffsetBook | undefined {
    return this.#books.get(topicOf(message, lane), partition);
  }

  endOffsets(message: MessageName, lane: Lane): Promise<Map<number, bigint>> {
    return this.#lookup.ends(topicOf(message, lane));
  }

  /** When this member's rights end unless the broker hears from it again; in ms since 1970, 0 for a stranger. */
  rightsUntil(): number {
    return this.#rights.until;
  }

  inFlight(lane: Lane): number {
    return this.#lanes[lane].inFlight;
  }

  #laneWindow(lane: Lane): LaneWindow<Received> {
    return new LaneWindow<Received>({
      inFlight: this.settings.window[lane],
      inFlightBytes: LANE_IN_WORK_BYTES,
      waitingBytes: LANE_WAITING_BYTES,
      work: (received) => this.#worker.work(received),
      onFull: () => this.#pause(lane),
      onRoom: () => this.#resume(lane),
    });
  }

  #listen(): void {
    const { events, on } = this.#consumer;
    on(events.GROUP_JOIN, (event) => this.#onJoin(event));
    // Still the old generation: what is done is saved before somebody else reads on from there.
    on(events.REBALANCING, () => void this.#committer.commit());
    on(events.FETCH, () => this.#silence.heard());
    on(events.REQUEST, ({ payload }) => this.#rights.asked(payload.apiName, payload.sentAt));
    on(events.HEARTBEAT, () => {
      this.#rights.confirmed();
      this.#silence.heard();
    });
    on(events.CRASH, ({ payload }) => this.#onCrash(payload));
  }

  #onJoin({ payload }: ConsumerGroupJoinEvent): void {
    this.#rights.confirmed();
    // Joined at the first try and still the same member: no generation without us lies between.
    const unbroken = this.#memberId === payload.memberId && this.#joins === 1;
    this.#memberId = payload.memberId;
    this.#joins = 0;
    const fresh = this.#books.assign(payload.memberAssignment, unbroken);
    for (const lane of LANES) {
      this.#lanes[lane].keep((received) => this.#holds(received));
      if (this.#lanes[lane].full || this.#stopping) this.#pause(lane);
    }
    void this.#lookup.starts(fresh, this.#books);
    this.settings.onAssigned(this.#books.partitions());
  }

  #onCrash({ error, restart }: { error: Error; restart: boolean }): void {
    this.#committer.forget();
    this.#rights.lost();
    this.#books.assign({}, false);
    for (const lane of LANES) this.#lanes[lane].keep(() => false);
    if (!restart) this.#fail(error);
  }

  /** Hands everything on and returns: kafkajs fetches no partition again before all batches came back. */
  async #onBatch({ batch, commitOffsetsIfNecessary }: EachBatchPayload): Promise<void> {
    this.#committer.use(commitOffsetsIfNecessary);
    const { topic, partition } = batch;
    const book = this.#books.get(topic, partition);
    const origin = parseTopic(topic);
    if (!book || !origin) return;
    const accepted: Received[] = [];
    for (const message of batch.messages) {
      const offset = Number(message.offset);
      if (!this.#wanted(message)) book.skip(offset);
      else if (book.begin(offset)) accepted.push(receive(origin, topic, partition, message, book));
    }
    this.#lanes[origin.lane].accept(accepted);
  }

  #wanted({ headers }: KafkaMessage): boolean {
    if (isForOthers(headers, this.settings.group)) return false;
    if (!this.settings.wants) return true;
    const asks = asksIn(headers);
    return !asks || this.settings.wants(asks);
  }

  get #away(): boolean {
    return this.settings.health?.away ?? false;
  }

  #holds({ raw, book }: Received): boolean {
    return this.#books.holds(raw.topic, raw.partition, book);
  }

  #pause(lane: Lane): void {
    this.#whileRunning(() => this.#consumer.pause(this.#topics[lane].map((topic) => ({ topic }))));
  }

  #resume(lane: Lane): void {
    if (this.#stopping) return;
    this.#whileRunning(() => this.#consumer.resume(this.#topics[lane].map((topic) => ({ topic }))));
  }

  /** kafkajs refuses to pause between a crash and the next join, where pauses are applied again anyway. */
  #whileRunning(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.settings.logger.debug({ err: error }, 'not paused or resumed: the consumer is starting over');
    }
  }

  #tick(): void {
    void this.#committer.commit();
    // With the broker away there is nothing to hear.
    if (this.#away) this.#silence.heard();
    else if (this.#silence.tick(LANES.some((lane) => !this.#lanes[lane].full)))
      this.#fail(new Error(`${this.settings.group}: nothing was fetched for 30 s`));
  }

  #fail(error: unknown): void {
    if (this.#failed || this.#stopping) return;
    this.#failed = true;
    clearInterval(this.#ticker);
    this.settings.onFatal(error);
  }

  async #stop(): Promise<void> {
    for (const lane of LANES) this.#pause(lane);
    this.#worker.stop();
    await inTime(Promise.all(LANES.map((lane) => this.#lanes[lane].stop())), DRAIN_WITHIN_MS);
    clearInterval(this.#ticker);
    await this.#committer.last();
    await Promise.all([this.#consumer.disconnect(), this.#lookup.disconnect()]);
    this.#rights.lost();
    for (const end of this.#gauges) end();
  }
}

function byLane<T>(make: (lane: Lane) => T): Record<Lane, T> {
  return { express: make('express'), bulk: make('bulk') };
}

async function inTime(work: Promise<unknown>, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, withinMs)))]);
  clearTimeout(timer);
}
