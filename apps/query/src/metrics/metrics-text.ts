import { Inject, Injectable } from '@nestjs/common';
import { readPulses, type Database } from '@assay/database';
import { queueText } from '@assay/telemetry';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { ProviderView } from '../openapi/shapes.js';
import { ProviderReader } from '../providers/provider-reader.js';
import { StuckReader } from '../stuck/stuck-reader.js';
import { DATABASE } from '../tokens.js';
import { PROVIDER_SERIES, shownOf } from './provider-series.js';
import { ServiceGauges } from './service-gauges.js';

/** Several scrapers cost one read a second. */
const CACHED_MS = 1_000;
/** Services say once a second how they are. */
const HEARD_WITHIN_MS = 5_000;
const OPEN_STATES = ['receiving', 'running', 'paused', 'truncated'] as const;
const OPEN = `
SELECT state, count(*) AS n FROM submission
WHERE state IN ('receiving','running','paused','truncated') GROUP BY state`;

/** Text of Prometheus (version 0.0.4): providers, open submissions, queues of every service, this process. Read when it is asked for. */
@Injectable()
export class MetricsText {
  readonly #registry = new Registry();
  readonly #providers = PROVIDER_SERIES.map((series) => ({
    series,
    gauge: new Gauge({
      name: series.name,
      help: series.help,
      labelNames: ['provider', 'limit_key', 'quantile'],
      registers: [this.#registry],
    }),
  }));
  readonly #open = new Gauge({
    name: 'assay_submissions_open',
    help: 'Submissions that have not ended, by state (a count).',
    labelNames: ['state'],
    registers: [this.#registry],
  });
  readonly #services = new ServiceGauges(this.#registry);
  readonly #reconciled = new Counter({
    name: 'assay_reconciled_rows_total',
    help: 'Rows without a final version at deadline and grace that were taken up again (a count). 0 in quiet runs.',
    registers: [this.#registry],
  });
  readonly #stuck = new Gauge({
    name: 'assay_stuck_rows',
    help: 'Rows that have no final version though they were taken up again three times (a count).',
    registers: [this.#registry],
  });
  #text: Promise<string> | undefined;
  #readAt = -Infinity;

  constructor(
    private readonly providers: ProviderReader,
    private readonly stuck: StuckReader,
    @Inject(DATABASE) private readonly database: Database,
  ) {
    collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** At most 1 s old. Rejects where the database cannot be read. */
  read(): Promise<string> {
    const now = performance.now();
    if (this.#text && now - this.#readAt < CACHED_MS) return this.#text;
    this.#readAt = now;
    this.#text = this.#read();
    this.#text.catch(() => (this.#text = undefined));
    return this.#text;
  }

  async #read(): Promise<string> {
    const [views, open, reconciled, pulses] = await Promise.all([
      this.providers.all(),
      this.database.query<{ state: string; n: string }>({ name: 'submissions-open', text: OPEN }),
      this.stuck.totals(),
      readPulses(this.database, HEARD_WITHIN_MS),
    ]);
    this.#setProviders(views.filter(({ enabled, health }) => enabled || health.state !== 'unknown'));
    for (const state of OPEN_STATES)
      this.#open.set({ state }, Number(open.rows.find((row) => row.state === state)?.n ?? 0));
    this.#stuck.set(reconciled.stuck);
    // Counted anew from the rows themselves, so that it holds over restarts and replicas.
    this.#reconciled.reset();
    this.#reconciled.inc(reconciled.rows);
    this.#services.set(pulses);
    return (await this.#registry.metrics()) + queueText(pulses);
  }

  #setProviders(views: readonly ProviderView[]): void {
    const now = Date.now();
    const shown = views.flatMap(({ id, health }) => shownOf(id, health));
    for (const { series, gauge } of this.#providers) {
      gauge.reset();
      for (const one of shown)
        for (const { labels, value } of series.samples(one, now)) gauge.set({ ...labels }, value);
    }
  }
}
