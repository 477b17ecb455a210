import { queueGauges, type Logger, type QueueReading } from '@assay/telemetry';
import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from './database.js';

/** How a process was in the second before it said so. */
export interface Pulse {
  readonly service: string;
  /** How late its timers fired, 99th percentile. */
  readonly loopLagMs: number;
  /** The slowest way of an express row through a group flush; null where none came. */
  readonly expressFlushMs: number | null;
  readonly queues: readonly QueueReading[];
}

export interface PulseSettings {
  readonly service: string;
  readonly logger: Logger;
  /** Asked once a second; forgets what it told. */
  takeExpressFlushMs?(): number | undefined;
  /** Default 1 s. */
  readonly everyMs?: number;
}

const EVERY_MS = 1_000;
const RESOLUTION_MS = 20;
/** A process that is to end waits no longer for a PostgreSQL that hangs. */
const WITHDRAW_WITHIN_MS = 500;

const WRITE = `
WITH gone AS (
  DELETE FROM service_pulse WHERE worker IN (
    SELECT worker FROM service_pulse WHERE at < now() - interval '1 minute' AND worker <> $1::uuid
    FOR UPDATE SKIP LOCKED)
)
INSERT INTO service_pulse (worker, service, loop_lag_ms, express_flush_ms, queues, at)
VALUES ($1::uuid, $2, $3, $4, $5, now())
ON CONFLICT (worker) DO UPDATE SET loop_lag_ms = excluded.loop_lag_ms,
  express_flush_ms = excluded.express_flush_ms, queues = excluded.queues, at = excluded.at`;

const READ = `
SELECT service, loop_lag_ms AS "loopLagMs", express_flush_ms AS "expressFlushMs", queues
FROM service_pulse WHERE at > now() - $1 * interval '1 ms' ORDER BY service, worker`;

/** Pulses of all processes that were heard of within so many ms. */
export async function readPulses(database: Database, withinMs: number): Promise<Pulse[]> {
  const query = { name: 'service-pulses', text: READ, values: [withinMs] };
  return (await database.query<Pulse & Record<string, unknown>>(query)).rows;
}

/** Says once a second how this process is: for metrics, and so that bulk makes way for express. */
export class ServicePulse {
  readonly #worker = randomUUID();
  readonly #lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly settings: PulseSettings,
  ) {}

  start(): void {
    this.#lag.enable();
    // One at a time: while PostgreSQL hangs nothing gathers here.
    const beat = () => void (this.#writing ??= this.#write().finally(() => (this.#writing = undefined)));
    this.#timer = setInterval(beat, this.settings.everyMs ?? EVERY_MS).unref();
  }

  /** Call it before the database is closed. Never rejects. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#lag.disable();
    await Promise.race([this.#withdraw(), wait(WITHDRAW_WITHIN_MS, undefined, { ref: false })]);
  }

  async #withdraw(): Promise<void> {
    await this.#writing;
    const query = { text: 'DELETE FROM service_pulse WHERE worker = $1', values: [this.#worker] };
    await this.database.query(query).catch(() => undefined);
  }

  async #write(): Promise<void> {
    const { service, logger, takeExpressFlushMs } = this.settings;
    const lagMs = Math.max(0, this.#lag.percentile(99) / 1e6 - RESOLUTION_MS);
    this.#lag.reset();
    const flushMs = takeExpressFlushMs?.() ?? null;
    const values = [this.#worker, service, lagMs, flushMs, JSON.stringify(queueGauges.read())];
    await this.database
      .query({ name: 'write-service-pulse', text: WRITE, values })
      .catch((error: unknown) => logger.debug({ err: error }, 'the pulse was not written'));
  }
}
