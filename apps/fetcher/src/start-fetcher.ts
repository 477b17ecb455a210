import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MessageName } from '@assay/contracts';
import { openDatabase, type OpenDatabase } from '@assay/database';
import {
  createAskRuntime,
  createTransport,
  expressFirst,
  PermitDesk,
  postgresAnswers,
  postgresBreakers,
  postgresPermits,
  shareAnswers,
  SharedBreakers,
  SharedReplies,
  WorkerBeat,
  type GiveWay,
  type SharedAnswers,
  type Transport,
} from '@assay/fetching';
import { createPublisher, WindowedKafkaStrategy, type Publisher } from '@assay/messaging';
import type { Provider } from '@assay/providers';
import { nestLogger, type Logger, type RunningService } from '@assay/telemetry';
import type { FetcherConfig } from './fetcher.config.js';
import { FetcherModule } from './fetcher.module.js';
import { Housekeeping } from './housekeeping.js';
import { ProviderDesk } from './provider-desk.js';
import { ProviderStates } from './provider-states.js';
import { ProviderStats } from './provider-stats.js';

/** Messages in flight per lane: rows that wait for a host's next second wait here. */
const WINDOW = { express: 1_000, bulk: 1_000 };

interface Parts {
  readonly config: FetcherConfig;
  readonly logger: Logger;
  readonly database: OpenDatabase;
  readonly publisher: Publisher;
  readonly transport: Transport;
  readonly states: ProviderStates;
  readonly stats: ProviderStats;
  readonly beat: WorkerBeat;
  readonly housekeeping: Housekeeping;
  readonly answers: SharedAnswers;
  readonly shared: SharedReplies;
  readonly giveWay: GiveWay;
  readonly permits: PermitDesk;
  readonly breakers: SharedBreakers;
  /** This process, in tables that all share. */
  readonly worker: string;
}

/** What runs for one provider: its reader and its desk. */
interface Counter {
  readonly app: INestMicroservice;
  readonly strategy: WindowedKafkaStrategy;
  readonly desk: ProviderDesk;
}

export async function startFetcher(config: FetcherConfig, logger: Logger): Promise<RunningService> {
  const parts = await openParts(config, logger);
  const counters = await Promise.all(config.providers.map((provider) => openCounter(provider, parts)));
  parts.stats.start();
  parts.housekeeping.start();
  return { stop: () => stopAll(parts, counters) };
}

async function openCounter(provider: Provider, parts: Parts): Promise<Counter> {
  const strategy = createStrategy(provider, parts);
  const desk = openDesk(provider, parts, strategy);
  const app = await NestFactory.createMicroservice(FetcherModule.of(desk), {
    strategy,
    logger: nestLogger(parts.logger),
    abortOnError: false,
  });
  await app.listen();
  return { app, strategy, desk };
}

async function openParts(config: FetcherConfig, logger: Logger): Promise<Parts> {
  const { brokers, databaseUrl: url, poolSize, sessionTimeoutMs: deadAfterMs } = config;
  const worker = randomUUID();
  const database = await openDatabase({ url, poolSize, applicationName: 'assay-fetcher' });
  const providers = config.providers.map(({ id }) => id);
  const beat = new WorkerBeat(database, { worker, providers, deadAfterMs });
  await beat.start();
  return {
    config,
    logger,
    database,
    beat,
    housekeeping: new Housekeeping(database, logger),
    answers: shareAnswers(postgresAnswers(database, worker), Date.now, beat),
    giveWay: expressFirst(),
    permits: new PermitDesk(postgresPermits(database)),
    breakers: new SharedBreakers(postgresBreakers(database, worker), logger),
    worker,
    shared: new SharedReplies(),
    publisher: await createPublisher({ brokers, clientId: 'assay-fetcher', logger }),
    transport: createTransport({
      userAgent: config.userAgent,
      ...(config.lead ? { lead: config.lead } : {}),
    }),
    states: new ProviderStates(database, worker, logger),
    stats: new ProviderStats({ database, worker, logger, now: Date.now }),
  };
}

function openDesk(provider: Provider, parts: Parts, reader: WindowedKafkaStrategy): ProviderDesk {
  const {
    config,
    logger,
    answers,
    giveWay,
    shared,
    permits,
    breakers,
    worker,
    publisher,
    transport,
    states,
    stats,
  } = parts;
  const runtime = createAskRuntime({
    provider,
    transport,
    answers,
    giveWay,
    shared,
    permits,
    breakers,
    worker,
    logger,
    dailyReserve: config.dailyReserve,
    keys: config.keys.get(provider.id) ?? [],
    userAgent: config.userAgent,
    limitsFactor: config.limitsFactor,
    onState: (change) => states.changed(change),
    onCall: (call) => stats.seen(call),
  });
  stats.watch(provider.id, { runtime, reader });
  return new ProviderDesk({ provider, runtime, publisher, bulkFlushMs: config.bulkFlushMs, now: Date.now });
}

function createStrategy(provider: Provider, { config, publisher, logger }: Parts): WindowedKafkaStrategy {
  const own = new Set(provider.asks.map(({ id }) => id));
  return new WindowedKafkaStrategy({
    brokers: config.brokers,
    group: `fetcher.${provider.id}`,
    messages: messagesFor(provider),
    window: WINDOW,
    sessionTimeoutMs: config.sessionTimeoutMs,
    wants: (asks) => asks.some((ask) => own.has(ask)),
    publisher,
    logger,
  });
}

/** A provider reads the messages of the rounds it is asked in. */
export function messagesFor({ asks }: Pick<Provider, 'asks'>): MessageName[] {
  const rounds = new Set(asks.map(({ round }) => round));
  return [
    ...(rounds.has(1) ? (['url.submitted'] as const) : []),
    ...(rounds.has(2) ? (['round2.requested'] as const) : []),
  ];
}

/** What waits for a permit is given back, so that the readers' windows empty; calls in flight end and are sent. */
async function stopAll(
  { states, stats, beat, housekeeping, publisher, transport, database }: Parts,
  counters: readonly Counter[],
) {
  await Promise.all(counters.flatMap(({ strategy, desk }) => [strategy.stop(), desk.stop()]));
  await Promise.all(counters.map(({ app }) => app.close()));
  await publisher.close();
  await transport.close();
  housekeeping.stop();
  await Promise.all([states.withdraw(), stats.stop(), beat.stop()]).catch(() => undefined);
  await database.close();
}
