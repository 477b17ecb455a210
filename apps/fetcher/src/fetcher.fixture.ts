import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Lane, MessageName, Metric, Plan } from '@assay/contracts';
import { openDatabase, type OpenDatabase } from '@assay/database';
import {
  createPublisher,
  createTopics,
  WindowedKafkaStrategy,
  type MessageContext,
  type Publisher,
} from '@assay/messaging';
import {
  createRegistry,
  questionKey,
  type Finding,
  type Provider,
  type ProviderReply,
} from '@assay/providers';
import { createLogger, type RunningService } from '@assay/telemetry';
import { testDatabase, testKafka, type TestPart } from '@assay/testing';
import type { FetcherConfig } from './fetcher.config.js';
import { startFetcher } from './start-fetcher.js';

export const PARTITIONS = 4;
const logger = createLogger('fetcher-spec', process.env['LOG_LEVEL'] ?? 'silent');

/** Asked about hosts in both rounds, without limits. */
export const sized: Provider = {
  id: 'sized',
  title: 'Sizes',
  docs: 'https://sizes.test',
  version: 1,
  auth: { kind: 'none' },
  asks: [
    { id: 'sized.host', surface: 'sized', round: 1, unit: 'host' },
    { id: 'sized.final', surface: 'sized', round: 2, unit: 'host' },
  ],
  batch: { size: 1, lingerMs: 0 },
  limits: [],
  concurrency: 32,
  limitKey: () => 'sized',
  timeoutMs: 2_000,
  retries: 0,
  breaker: { volume: 10, errorPercent: 5, coolOffMs: 60_000 },
  ttlMs: { ok: 60_000, absent: 60_000 },
  metrics: [{ id: 'size', type: 'integer', unit: '', meaning: 'size' }],
  request: ([question]) => [{ method: 'GET', url: `http://sizes.test/${question!.unit}` }],
  parse: ([reply], [question]) => new Map([[questionKey(question!), read(reply!, question!.unit)]]),
};

/** Asked about URLs at five a second for each host. */
export const hosts: Provider = {
  ...sized,
  id: 'hosts',
  asks: [{ id: 'hosts', surface: 'hosts', round: 1, unit: 'url' }],
  limits: [{ permits: 5, perMs: 1_000, of: 'calls' }],
  concurrencyPerKey: 5,
  limitKey: ({ unit }) => new URL(unit).host,
};

/** The same, but its limit is one for all hosts. */
export const whole: Provider = {
  ...sized,
  id: 'whole',
  asks: [{ id: 'whole', surface: 'whole', round: 1, unit: 'url' }],
  limits: [{ permits: 5, perMs: 1_000, of: 'calls' }],
};

function read(reply: ProviderReply, unit: string): Finding {
  if (reply.kind === 'error') return { outcome: 'failed', class: 'network', message: reply.error };
  if (reply.status !== 200) return { outcome: 'failed', class: 'server', message: String(reply.status) };
  return { outcome: 'ok', numbers: { size: reply.body.length }, facts: { finalHost: `www.${unit}` } };
}

let submissions = 0;
export function newPlan(given: Partial<Plan> = {}): Plan {
  const now = Date.now();
  return {
    submission: `01900000-0000-7000-8000-${String(++submissions).padStart(12, '0')}`,
    asks: { 'sized.host': 0, 'sized.final': 0, other: 0 },
    dispatchedAt: now,
    round1At: now + 20_000,
    deadlineAt: now + 60_000,
    graceMs: 60_000,
    patienceMs: 5_000,
    ...given,
  };
}

/** A broker, a database, a server that every provider is led to, a reader of cells, and fetchers as a spec starts them. */
export class FetcherFixture {
  readonly seen: { message: Metric; context: MessageContext }[] = [];
  readonly asked: { unit: string; at: number }[] = [];
  /** Of the next replies. */
  status = 200;
  database!: OpenDatabase;
  publisher!: Publisher;
  httpPort = 0;
  #reader!: WindowedKafkaStrategy;
  #server!: Server;
  readonly #running: RunningService[] = [];

  private constructor(
    private readonly kafka: TestPart<string>,
    private readonly postgres: TestPart<string>,
  ) {}

  static async start(): Promise<FetcherFixture> {
    const [kafka, postgres] = await Promise.all([testKafka(), testDatabase()]);
    const fixture = new FetcherFixture(kafka, postgres);
    await createTopics({ brokers: kafka.value, partitions: PARTITIONS });
    fixture.database = await openDatabase({ url: postgres.value, poolSize: 2, applicationName: 'spec' });
    fixture.publisher = await createPublisher({ brokers: kafka.value, clientId: 'spec', logger });
    await Promise.all([fixture.#serve(), fixture.#read()]);
    return fixture;
  }

  get brokers(): string {
    return this.kafka.value;
  }

  get databaseUrl(): string {
    return this.postgres.value;
  }

  get askedHosts(): string[] {
    return this.asked.map(({ unit }) => unit);
  }

  async fetcher(given: Partial<FetcherConfig> & Pick<FetcherConfig, 'providers'>): Promise<RunningService> {
    const resolve = () => Promise.resolve(['93.184.216.34']);
    const config: FetcherConfig = {
      brokers: this.brokers,
      sessionTimeoutMs: 6_000,
      databaseUrl: this.databaseUrl,
      poolSize: 4,
      host: '127.0.0.1',
      healthPort: 0,
      bulkFlushMs: 20,
      parkedPerKey: 20_000,
      registry: createRegistry(given.providers),
      keys: new Map(),
      userAgent: 'Assay/test',
      limitsFactor: 1,
      dailyReserve: 0,
      lead: { httpPort: this.httpPort, httpsPort: 1, resolve, ca: '' },
      ...given,
    };
    const service = await startFetcher(config, logger);
    this.#running.push(service);
    return service;
  }

  submit(plan: Plan, seq: number, host: string, lane: Lane = 'express'): Promise<void> {
    const row = { seq, url: `https://${host}/${seq}`, host, domain: host };
    const asks = Object.keys(plan.asks);
    return this.publisher.publish('url.submitted', lane, seq % PARTITIONS, { v: 1, plan, ...row }, asks);
  }

  cells() {
    return this.seen.flatMap(({ message, context }) =>
      message.cells.map((cell) => ({
        ...cell,
        plan: message.plans[cell.plan]!,
        ask: message.ask,
        context,
      })),
    );
  }

  cellsOf(plan: Plan) {
    return this.cells().filter((cell) => cell.plan.submission === plan.submission);
  }

  /** What was seen so far is of no concern to the next test. */
  forget(): void {
    this.asked.length = 0;
    this.seen.length = 0;
    this.status = 200;
  }

  async stopFetchers(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((service) => service.stop()));
  }

  async stop(): Promise<void> {
    await Promise.all([this.stopFetchers(), this.#reader.stop()]);
    await this.publisher.close();
    await this.database.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await Promise.all([this.kafka.stop(), this.postgres.stop()]);
  }

  async #serve(): Promise<void> {
    this.#server = createServer((request, response) => {
      this.asked.push({ unit: request.url!.slice(1), at: Date.now() });
      response.writeHead(this.status).end('x'.repeat(10));
    });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.httpPort = (this.#server.address() as AddressInfo).port;
  }

  async #read(): Promise<void> {
    const messages: MessageName[] = ['metric.round1', 'metric.round2'];
    this.#reader = new WindowedKafkaStrategy({
      brokers: this.brokers,
      group: 'spec',
      messages,
      window: { express: 1_000, bulk: 1_000 },
      sessionTimeoutMs: 6_000,
      publisher: this.publisher,
      logger,
    });
    const note = (message: Metric, context: MessageContext) => {
      this.seen.push({ message, context });
      return Promise.resolve();
    };
    for (const name of messages) this.#reader.addHandler(name, note, true);
    await new Promise<void>((resolve, reject) =>
      this.#reader.listen((error) => (error ? reject(error as Error) : resolve())),
    );
  }
}
