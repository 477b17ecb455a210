import { freePort, startKafka, startPostgres } from '@assay/embedded';
import { join } from 'node:path';
import { KeptPart, type Part, type PartEvents } from './kept-part.js';
import type { SystemSettings } from './system-settings.js';

export interface Parts {
  readonly brokers: string;
  readonly databaseUrl: string;
  /** Of embedded parts, by name. */
  pids(): Record<string, number>;
  /** Ends the embedded ones. Resolves when their processes are gone. */
  stop(withinMs: number): Promise<void>;
}

/** Broker and database: those of the user where he named his own, embedded ones otherwise. */
export async function startParts(settings: SystemSettings, events: PartEvents): Promise<Parts> {
  const kept = new Map<string, KeptPart<Part>>();
  const stop = async (withinMs?: number) => {
    await Promise.all([...kept.values()].map((part) => part.stop(withinMs)));
  };
  const started = await Promise.allSettled([
    settings.brokers ?? embeddedKafka(settings, events, kept),
    settings.databaseUrl ?? embeddedPostgres(settings, events, kept),
  ]);
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [brokers, databaseUrl] = started.map((result) => (result as PromiseFulfilledResult<string>).value);
  return {
    brokers: brokers!,
    databaseUrl: databaseUrl!,
    pids: () => Object.fromEntries([...kept].map(([name, part]) => [name, part.pid])),
    stop,
  };
}

async function embeddedKafka(
  settings: SystemSettings,
  events: PartEvents,
  kept: Map<string, KeptPart<Part>>,
): Promise<string> {
  const { cacheFolder, environment, kafkaListeners: listeners = [] } = settings;
  const port = await freePort();
  const dataFolder = join(settings.dataFolder, 'kafka');
  const begin = () => startKafka({ cacheFolder, dataFolder, port, environment, listeners });
  const part = await KeptPart.start('Kafka', begin, events);
  kept.set('kafka', part);
  return part.value.brokers;
}

async function embeddedPostgres(
  settings: SystemSettings,
  events: PartEvents,
  kept: Map<string, KeptPart<Part>>,
): Promise<string> {
  const { cacheFolder, durable } = settings;
  const port = await freePort();
  const dataFolder = join(settings.dataFolder, 'postgres');
  const begin = () => startPostgres({ cacheFolder, dataFolder, port, durable });
  const part = await KeptPart.start('PostgreSQL', begin, events);
  kept.set('postgres', part);
  if (part.value.note) events.note(part.value.note);
  return part.value.url;
}
