import {
  unitKey,
  type Lane,
  type MessageName,
  type Metric,
  type Plan,
  type Round2Requested,
  type RowJoined,
  type UrlSubmitted,
} from '@assay/contracts';
import { openDatabase, type OpenDatabase } from '@assay/database';
import {
  createPublisher,
  createTopics,
  WindowedKafkaStrategy,
  type MessageContext,
  type Publisher,
} from '@assay/messaging';
import type { Registry } from '@assay/providers';
import { createLogger, type RunningService } from '@assay/telemetry';
import { testDatabase, testKafka, type TestPart } from '@assay/testing';
import { ALL, answerId, catalogue, cell, FACTS, planOf, ROW } from './join-row.fixture.js';
import { startJoiner } from './start-joiner.js';

const PARTITIONS = 4;
const logger = createLogger('test', 'silent');
type Send = (publisher: Publisher) => Pick<Publisher, 'publish'>;

/** A broker, a database, what the joiner sends, round-two fetchers in small, and joiners as a spec starts them. */
export class JoinerWorld {
  /** By submission and row, everything that the joiner sent. */
  readonly joined = new Map<string, RowJoined[]>();
  /** Units by submission, row, ask and gen. */
  readonly asked = new Map<string, Set<string>>();
  readonly misplaced: number[] = [];
  /** Submissions whose round two nobody answers. */
  readonly silent = new Set<string>();
  private readonly running: RunningService[] = [];
  private readonly reader: WindowedKafkaStrategy;
  private submissions = 0;

  private constructor(
    private readonly kafka: TestPart<string>,
    private readonly postgres: TestPart<string>,
    readonly database: OpenDatabase,
    readonly publisher: Publisher,
  ) {
    this.reader = new WindowedKafkaStrategy({
      brokers: kafka.value,
      group: 'world',
      messages: ['round2.requested', 'row.joined'],
      window: { express: 100, bulk: 100 },
      sessionTimeoutMs: 6_000,
      publisher,
      logger,
    });
    this.reader.addHandler('round2.requested', this.answerRoundTwo.bind(this) as never, true);
    this.reader.addHandler('row.joined', this.noteJoined.bind(this) as never, true);
  }

  static async open(): Promise<JoinerWorld> {
    const [kafka, postgres] = await Promise.all([testKafka(), testDatabase()]);
    await createTopics({ brokers: kafka.value, partitions: PARTITIONS });
    const publisher = await createPublisher({ brokers: kafka.value, clientId: 'test', logger });
    const database = await openDatabase({ url: postgres.value, poolSize: 6, applicationName: 'test' });
    const world = new JoinerWorld(kafka, postgres, database, publisher);
    await new Promise<void>((resolve, reject) =>
      world.reader.listen((error) => (error ? reject(error as Error) : resolve())),
    );
    return world;
  }

  async close(): Promise<void> {
    await this.reader.stop();
    await this.publisher.close();
    await this.database.close();
    await Promise.all([this.kafka.stop(), this.postgres.stop()]);
  }

  async start(send?: Send): Promise<RunningService> {
    const config = {
      brokers: this.kafka.value,
      sessionTimeoutMs: 3_000,
      databaseUrl: this.postgres.value,
      poolSize: 4,
      host: '127.0.0.1',
      healthPort: 0,
      sweepMs: 100,
      bulkFlushMs: 5,
      registry: { providers: [], asks: catalogue.asks } as unknown as Registry,
    };
    const service = await startJoiner(config, logger, send);
    this.running.push(service);
    return service;
  }

  async stopJoiners(): Promise<void> {
    await Promise.all(this.running.splice(0).map((service) => service.stop()));
  }

  nextPlan(changes: { round1Ms?: number; deadlineMs?: number } = {}, asks = ALL.asks): Plan {
    const submission = `01890000-0000-7000-8000-${String(++this.submissions).padStart(12, '0')}`;
    const now = Date.now();
    const { round1Ms = 60_000, deadlineMs = 90_000 } = changes;
    return planOf(asks, {
      submission,
      dispatchedAt: now,
      round1At: now + round1Ms,
      deadlineAt: now + deadlineMs,
    });
  }

  async publishRow(plan: Plan, seq: number, lane: Lane): Promise<void> {
    const message: UrlSubmitted = { v: 1, plan, seq, ...ROW };
    await this.publisher.publish('url.submitted', lane, seq % PARTITIONS, message);
  }

  async publishCell(plan: Plan, seq: number, ask: string, lane: Lane): Promise<void> {
    const event = cell(ask, ask === 'page' ? { facts: FACTS } : {}, plan);
    if (event.kind !== 'cell') return;
    const message: Metric = { v: 1, ask, plans: [plan], cells: [{ ...event.cell, seq }] };
    await this.publisher.publish('metric.round1', lane, seq % PARTITIONS, message);
  }

  /** Everything of round one, twice, in an order of no meaning. */
  async publishShuffled(plan: Plan, rows: number, lane: Lane): Promise<void> {
    const jobs = Array.from({ length: rows }, (_, seq) => [
      () => this.publishRow(plan, seq, lane),
      ...['page', 'dns', 'safe'].map((ask) => () => this.publishCell(plan, seq, ask, lane)),
    ]).flat();
    const twice = [...jobs, ...jobs].map((job, i) => ({ job, rank: (i * 7_919) % 104_729 }));
    await Promise.all(twice.sort((a, b) => a.rank - b.rank).map(({ job }) => job()));
  }

  newest(plan: Plan, seq: number): RowJoined | undefined {
    return this.joined.get(`${plan.submission}/${seq}`)?.reduce((a, b) => (a.version >= b.version ? a : b));
  }

  allFinal(plan: Plan, rows: number): () => boolean {
    return () =>
      Array.from({ length: rows }, (_, seq) => this.newest(plan, seq)).every((row) => row?.state === 'final');
  }

  async unfinished(plan: Plan): Promise<number> {
    const { rows } = await this.database.query<{ n: number }>({
      text: 'SELECT count(*)::int AS n FROM pending_row WHERE submission = $1 AND done_at IS NULL',
      values: [plan.submission],
    });
    return rows[0]!.n;
  }

  private async noteJoined(message: RowJoined, { partition }: MessageContext): Promise<void> {
    if (partition !== message.seq % PARTITIONS) this.misplaced.push(message.seq);
    const key = `${message.plan.submission}/${message.seq}`;
    this.joined.set(key, [...(this.joined.get(key) ?? []), message]);
  }

  /** Round-two fetchers in small: each question is answered, twice. */
  private async answerRoundTwo(
    { plans, rows }: Round2Requested,
    { lane, partition }: MessageContext,
  ): Promise<void> {
    for (const row of rows) {
      const plan = plans[row.plan]!;
      for (const { ask, gen, unit } of row.asks) {
        const key = `${plan.submission}/${row.seq} ${ask} ${gen}`;
        this.asked.set(key, (this.asked.get(key) ?? new Set()).add(unit));
        if (this.silent.has(plan.submission)) continue;
        const at = Date.now();
        const answer = { plan: 0, seq: row.seq, unit: unitKey(unit), gen, outcome: 'ok' as const, at };
        const cells = [{ ...answer, answer: answerId(ask, gen) }];
        const message: Metric = { v: 1, ask, plans: [plan], cells };
        await this.publisher.publish('metric.round2', lane, partition, message);
        await this.publisher.publish('metric.round2', lane, partition, message);
      }
    }
  }
}

/** Refuses the first `times` of what goes out: the joiner has committed by then. */
export const refusing =
  (times: number, only?: MessageName): Send =>
  (real) => ({
    publish: ((...message: Parameters<Publisher['publish']>) =>
      (!only || message[0] === only) && times-- > 0
        ? Promise.reject(new Error('no broker'))
        : real.publish(...message)) as Publisher['publish'],
  });
