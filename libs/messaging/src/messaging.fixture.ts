import type { Lane, UrlSubmitted } from '@assay/contracts';
import { createLogger } from '@assay/telemetry';
import { eventually, testKafka } from '@assay/testing';
import {
  createPublisher,
  createTopics,
  WindowedKafkaStrategy,
  type MessageContext,
  type Publisher,
  type StrategySettings,
} from './index.js';

export const PARTITIONS = 6;
export const logger = createLogger('test', process.env['TEST_LOG_LEVEL'] ?? 'silent');

export const plan = {
  submission: '01900000-0000-7000-8000-000000000000',
  asks: { dns: 0 },
  dispatchedAt: 1,
  round1At: 2,
  deadlineAt: 3,
  graceMs: 4,
  patienceMs: 5,
};

export function row(seq: number): UrlSubmitted {
  return { v: 1, plan, seq, url: `http://a.test/${seq}`, host: 'a.test', domain: 'a.test' };
}

export const sorted = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);

/** A promise and the way to end it: what a handler waits for. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

export type Handler = (value: UrlSubmitted, context: MessageContext) => Promise<void>;

/** A broker with topics and a publisher, and the readers that a test starts on it. */
export class Fixture {
  #running: WindowedKafkaStrategy[] = [];
  #groups = 0;
  #nextSeq = 0;

  constructor(
    readonly brokers: string,
    readonly publisher: Publisher,
    private readonly stopKafka: () => Promise<void>,
  ) {}

  /** @param before what to do while the broker has no topics yet */
  static async start(before?: (brokers: string) => Promise<void>): Promise<Fixture> {
    const kafka = await testKafka();
    await before?.(kafka.value);
    await createTopics({ brokers: kafka.value, partitions: PARTITIONS });
    const publisher = await createPublisher({ brokers: kafka.value, clientId: 'test', logger });
    return new Fixture(kafka.value, publisher, () => kafka.stop());
  }

  /** Publishes so many rows over all partitions; returns their sequence numbers, new each time. */
  async publishRows(count: number, lane: Lane = 'bulk', asks?: string[]): Promise<number[]> {
    const seqs = Array.from({ length: count }, (_, i) => this.#nextSeq + i);
    this.#nextSeq += count;
    await Promise.all(
      seqs.map((seq) => this.publisher.publish('url.submitted', lane, seq % PARTITIONS, row(seq), asks)),
    );
    return seqs;
  }

  strategy(settings: Partial<StrategySettings> = {}): WindowedKafkaStrategy {
    const strategy = new WindowedKafkaStrategy({
      brokers: this.brokers,
      group: `group${this.#groups++}`,
      messages: ['url.submitted'],
      window: { express: 100, bulk: 100 },
      sessionTimeoutMs: 3_000,
      publisher: this.publisher,
      logger,
      onFatal: (error) => {
        throw error;
      },
      ...settings,
    });
    this.#running.push(strategy);
    return strategy;
  }

  /** A reader that has joined its group. */
  async read(handler: Handler, settings: Partial<StrategySettings> = {}): Promise<WindowedKafkaStrategy> {
    const strategy = this.strategy(settings);
    for (const message of strategy.settings.messages) strategy.addHandler(message, handler as never, true);
    await new Promise<void>((resolve, reject) =>
      strategy.listen((error) => (error ? reject(error) : resolve())),
    );
    return strategy;
  }

  /** Waits until all that lies on a lane of `url.submitted` now is processed. */
  async allProcessed(strategy: WindowedKafkaStrategy, lane: Lane): Promise<void> {
    const ends = await strategy.endOffsets('url.submitted', lane);
    for (const [partition, end] of ends)
      await eventually(
        () => strategy.processed('url.submitted', lane, partition),
        (processed) => processed === end,
      );
  }

  async stopReaders(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((strategy) => strategy.stop()));
  }

  async stop(): Promise<void> {
    await this.stopReaders();
    await this.publisher.close();
    await this.stopKafka();
  }
}
