import { quantileMs, type CallStat } from '@assay/contracts';
import type { Database } from '@assay/database';
import { CallWindow, type SeenCall } from '@assay/fetching';
import type { Logger } from '@assay/telemetry';
import { GroupLags, type GroupReader } from './group-lag.js';

const WRITE_EVERY_MS = 2_000;
const LAG_EVERY_MS = 5_000;
/** What has not changed is written again after this: an older row is that of a worker that hangs or is gone. */
const REWRITE_AFTER_MS = 10_000;
/** Limit keys of a provider that get a row. */
const MOST_KEYS = 50;

/** In one statement: rows of this worker that are not among the new ones go, as do those that others left behind. */
const WRITE = `
WITH stat AS (
  SELECT * FROM json_to_recordset($1) AS t(provider text, "limitKey" text, calls int, "byClass" json, "p50Ms" real,
    "p95Ms" real, histogram json, "spanMs" int, "inFlight" int, waiting int, lag bigint)
), dropped AS (
  DELETE FROM provider_stat AS s WHERE worker = $2::uuid AND provider IN (SELECT provider FROM stat)
    AND NOT EXISTS (SELECT FROM stat WHERE stat.provider = s.provider AND stat."limitKey" = s.limit_key)
), left_behind AS (
  DELETE FROM provider_stat WHERE (provider, limit_key, worker) IN (
    SELECT provider, limit_key, worker FROM provider_stat
    WHERE at < now() - interval '2 minutes' AND worker <> $2::uuid FOR UPDATE SKIP LOCKED)
)
INSERT INTO provider_stat (provider, limit_key, worker, calls, by_class, p50_ms, p95_ms, histogram, span_ms,
  in_flight, waiting, lag, at)
SELECT provider, "limitKey", $2::uuid, calls, "byClass", "p50Ms", "p95Ms", histogram, "spanMs",
  "inFlight", waiting, lag, now()
FROM stat
ON CONFLICT (provider, limit_key, worker) DO UPDATE SET calls = excluded.calls, by_class = excluded.by_class,
  p50_ms = excluded.p50_ms, p95_ms = excluded.p95_ms, histogram = excluded.histogram, span_ms = excluded.span_ms,
  in_flight = excluded.in_flight, waiting = excluded.waiting, lag = excluded.lag, at = excluded.at`;

/** What is known about a provider in this process besides its calls. */
export interface StatSource {
  readonly runtime: { readonly pending: number; readonly inFlight: number };
  readonly reader: GroupReader;
}

export interface StatSettings {
  readonly database: Database;
  readonly worker: string;
  readonly logger: Logger;
  readonly now: () => number;
}

interface Written {
  readonly text: string;
  readonly at: number;
}

/** Writes how the calls of this process go, for people: health of providers, metrics. Bounded by the table's rows. */
export class ProviderStats {
  readonly #sources = new Map<string, StatSource & { readonly window: CallWindow }>();
  readonly #written = new Map<string, Written>();
  readonly #lags: GroupLags;
  readonly #timers: NodeJS.Timeout[] = [];
  #writing: Promise<void> | undefined;
  #failing = false;

  constructor(private readonly settings: StatSettings) {
    this.#lags = new GroupLags(settings.logger);
  }

  /** Writes every 2 s and samples lags every 5 s until `stop`. */
  start(): void {
    const sample = once(() => this.#lags.sample());
    sample();
    this.#timers.push(
      setInterval(sample, LAG_EVERY_MS).unref(),
      setInterval(() => void this.write(), WRITE_EVERY_MS).unref(),
    );
  }

  watch(provider: string, source: StatSource): void {
    this.#sources.set(provider, { ...source, window: new CallWindow() });
    this.#lags.watch(provider, source.reader);
  }

  /** A call of any provider that is watched; of others nothing is kept. */
  seen(call: SeenCall): void {
    this.#sources.get(call.provider)?.window.note(call);
  }

  /** Writes what has changed; one statement at a time. Never fails: what was not written is due again. */
  write(): Promise<void> {
    return (this.#writing ??= this.#write().finally(() => (this.#writing = undefined)));
  }

  /** This process says nothing any more. */
  async stop(): Promise<void> {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    await this.#writing;
    const text = 'DELETE FROM provider_stat WHERE worker = $1';
    await this.settings.database.query({ text, values: [this.settings.worker] });
  }

  async #write(): Promise<void> {
    const { database, worker, logger } = this.settings;
    const now = this.settings.now();
    const due = [...this.#sources.keys()]
      .map((provider) => ({ provider, ...this.#rowsOf(provider, now) }))
      .filter(({ provider, text }) => this.#isDue(provider, text, now));
    if (due.length === 0) return;
    try {
      const values = [JSON.stringify(due.flatMap(({ rows }) => rows)), worker];
      await database.query({ name: 'fetcher.provider-stats', text: WRITE, values });
      for (const { provider, text } of due) this.#written.set(provider, { text, at: now });
      this.#failing = false;
    } catch (error) {
      if (!this.#failing)
        logger.warn({ err: error }, 'statistics of providers were not written; trying again');
      this.#failing = true;
    }
  }

  #isDue(provider: string, text: string, now: number): boolean {
    const written = this.#written.get(provider);
    return !written || written.text !== text || now - written.at >= REWRITE_AFTER_MS;
  }

  #rowsOf(provider: string, now: number) {
    const { runtime, reader: _, window } = this.#sources.get(provider)!;
    const { spanMs, whole, keys } = window.read(now, MOST_KEYS);
    const gauges = {
      inFlight: runtime.inFlight,
      waiting: runtime.pending,
      lag: this.#lags.of(provider) ?? null,
    };
    const changing = [
      { provider, limitKey: '', ...figures(whole), ...gauges },
      ...keys.map((key) => ({ provider, limitKey: key.limitKey, ...figures(key) })),
    ];
    return { text: JSON.stringify(changing), rows: changing.map((row) => ({ ...row, spanMs })) };
  }
}

function figures({ calls, byClass, histogram }: CallStat) {
  const [p50Ms, p95Ms] = [quantileMs(histogram, 0.5), quantileMs(histogram, 0.95)];
  return { calls, byClass, p50Ms, p95Ms, histogram };
}

/** Skips a turn while the last one has not ended. */
function once(work: () => Promise<void>): () => void {
  let running = false;
  return () => {
    if (running) return;
    running = true;
    void work().finally(() => (running = false));
  };
}
