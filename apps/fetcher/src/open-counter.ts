import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MessageName } from '@assay/contracts';
import { createAskRuntime, type AskRuntime } from '@assay/fetching';
import { WindowedKafkaStrategy } from '@assay/messaging';
import type { Provider } from '@assay/providers';
import { nestLogger } from '@assay/telemetry';
import { measureCounter } from './fetcher-gauges.js';
import { FetcherModule } from './fetcher.module.js';
import type { Parts } from './fetcher-parts.js';
import { groupOf } from './group-of.js';
import { openParking, type Parking } from './parking/parking.js';
import { ProviderDesk } from './provider-desk.js';

/** What runs for one provider: its reader, its desk, and who looks after its parked cells. */
export interface Counter {
  readonly app: INestMicroservice;
  readonly strategy: WindowedKafkaStrategy;
  readonly runtime: AskRuntime;
  readonly parking: Parking;
  readonly gauges: readonly (() => void)[];
}

/** Messages in flight per lane. */
const WINDOW = { express: 1_000, bulk: 1_000 };

export async function openCounter(provider: Provider, parts: Parts): Promise<Counter> {
  const { config, publisher, logger, control } = parts;
  const strategy = createStrategy(provider, parts);
  const parking = openParking(provider, parts);
  const runtime = createRuntime(provider, parts, strategy, parking);
  parts.stats.watch(provider.id, { runtime, reader: strategy });
  const desk = new ProviderDesk({
    provider,
    runtime,
    publisher,
    parked: parking.cells,
    bulkFlushMs: config.bulkFlushMs,
    now: Date.now,
  });
  const changed = () => {
    runtime.controlled();
    parking.wake();
  };
  control.onChanged(changed);
  strategy.onAssigned(changed);
  const app = await NestFactory.createMicroservice(FetcherModule.of(desk), {
    strategy,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  await app.listen();
  parking.start({ runtime, desk, positions: strategy });
  const gauges = measureCounter({ provider, runtime, desk, parking, window: WINDOW.bulk });
  return { app, strategy, runtime, parking, gauges };
}

/** What waits is given back, so that the reader's window empties; calls in flight end and are sent. */
export async function closeCounter({ app, strategy, runtime, parking, gauges }: Counter): Promise<void> {
  for (const end of gauges) end();
  parking.halt();
  await Promise.all([strategy.stop(), runtime.stop()]);
  await parking.finish();
  await app.close();
}

function createRuntime(
  provider: Provider,
  parts: Parts,
  strategy: WindowedKafkaStrategy,
  parking: Parking,
): AskRuntime {
  const { config, states, stats } = parts;
  const { logger, worker, answers, giveWay, permits, breakers, shared, transport, control } = parts;
  return createAskRuntime({
    provider,
    transport,
    answers,
    giveWay,
    shared,
    permits,
    breakers,
    worker,
    logger,
    control,
    dailyReserve: config.dailyReserve,
    keys: config.keys.get(provider.id) ?? [],
    userAgent: config.userAgent,
    limitsFactor: config.limitsFactor,
    parkedUntil: parking.cells.expectedStart,
    mayStartUntil: () => strategy.rightsUntil(),
    onState: (change) => states.changed(change),
    onCall: (call) => stats.seen(call),
  });
}

function createStrategy(
  provider: Provider,
  { config, publisher, logger, health }: Parts,
): WindowedKafkaStrategy {
  const own = new Set(provider.asks.map(({ id }) => id));
  return new WindowedKafkaStrategy({
    brokers: config.brokers,
    group: groupOf(provider),
    messages: messagesFor(provider),
    window: WINDOW,
    sessionTimeoutMs: config.sessionTimeoutMs,
    wants: (asks) => asks.some((ask) => own.has(ask)),
    publisher,
    logger,
    health,
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
