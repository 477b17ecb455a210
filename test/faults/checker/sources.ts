import { Kafka, logLevel, type Admin } from 'kafkajs';
import pg from 'pg';
import { Simulator } from './simulator.js';

/** What the checker reads, beside the input file. */
export interface Sources {
  readonly database: pg.Pool;
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly simulator: Simulator;
}

interface Addresses {
  readonly databaseUrl: string;
  readonly brokers: string;
  readonly simulatorUrl: string;
}

/** @throws where Kafka cannot be reached; the others are asked later */
export async function openSources({ databaseUrl, brokers, simulatorUrl }: Addresses): Promise<Sources> {
  const kafka = new Kafka({
    clientId: 'faults-checker',
    brokers: brokers.split(',').map((broker) => broker.trim()),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, retries: 6, maxRetryTime: 2_000 },
  });
  const admin = kafka.admin();
  await admin.connect();
  const database = new pg.Pool({
    connectionString: databaseUrl,
    max: 3,
    connectionTimeoutMillis: 10_000,
    query_timeout: 120_000,
  });
  database.on('error', () => undefined);
  return { database, kafka, admin, simulator: new Simulator(simulatorUrl) };
}

export async function closeSources({ database, admin, simulator }: Sources): Promise<void> {
  simulator.close();
  await Promise.allSettled([database.end(), admin.disconnect()]);
}
