import { createHash } from 'node:crypto';
import { openDatabase, type OpenDatabase } from '@assay/database';
import { builtInProviders, createRegistry, type Provider } from '@assay/providers';
import { testDatabase, type TestPart } from '@assay/testing';
import { v7 } from 'uuid';
import { readIngestConfig } from '../ingest.config.js';
import { finishSpool } from '../spool/finish-spool.js';
import { Spool } from '../spool/spool.js';
import { settleSubmission } from '../submission-settings.js';
import { PlanSubmission } from './plan-submission.js';

export interface PlanSetup {
  readonly asks: readonly string[];
  readonly options?: Parameters<typeof settleSubmission>[0];
}

/** A database, lists spooled into it, and their plans. */
export class PlanFixture {
  private constructor(
    private readonly postgres: TestPart<string>,
    readonly database: OpenDatabase,
  ) {}

  static async start(): Promise<PlanFixture> {
    const postgres = await testDatabase();
    const database = await openDatabase({ url: postgres.value, poolSize: 4, applicationName: 'spec' });
    return new PlanFixture(postgres, database);
  }

  async stop(): Promise<void> {
    await this.database.close();
    await this.postgres.stop();
  }

  /** Id of the list, kept as for `plan=only`. */
  async spooled(urls: Iterable<string>, { asks, options = {} }: PlanSetup): Promise<string> {
    const { defaults } = await this.config();
    const spool = new Spool(this.database, v7());
    let seq = 0;
    for (const url of urls) {
      spool.take((seq += 1), url);
      if (seq % 1_000 === 0) await spool.settle(Date.now());
    }
    await spool.drain();
    const settle = (rows: number) => settleSubmission(options, rows, defaults)!;
    await this.database.transaction((client) =>
      finishSpool(client, spool, { asks, truncated: false, planOnly: true, settle }),
    );
    return spool.id;
  }

  async plan(id: string, providers: readonly Provider[] = builtInProviders, credentials = 1) {
    const config = await this.config();
    const all = new Map(providers.map((one) => [one.id, credentials]));
    const registry = createRegistry(providers);
    return new PlanSubmission({ ...config, registry, credentials: all }, this.database).plan(id);
  }

  /** Stands in for a fetcher: these units were answered, so long ago, and are good for so much longer. */
  async answered(
    surface: string,
    version: number,
    units: readonly string[],
    agoMs = 0,
    goodForMs = 3_600_000,
  ) {
    const answers = units.map((unit) => {
      const hex = createHash('sha256').update(`${surface}|${version}|${unit}|`).digest('hex').slice(0, 32);
      return { id: v7(), unit, key: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') };
    });
    await this.database.query({
      text: `WITH given AS (
          SELECT id, unit, key, now() - $4 * interval '1 ms' AS fetched, now() + $5 * interval '1 ms' AS expires
          FROM json_to_recordset($1) AS t(id uuid, unit text, key uuid)
        ), answers AS (
          INSERT INTO answer (id, key, surface, version, unit, outcome, fetched_at, expires_at)
          SELECT id, key, $2, $3, unit, 'absent', fetched, expires FROM given
        )
        INSERT INTO fresh_answer (key, answer, fetched_at, expires_at) SELECT key, id, fetched, expires FROM given`,
      values: [JSON.stringify(answers), surface, version, agoMs, goodForMs],
    });
  }

  private config() {
    return readIngestConfig({
      KAFKA_BROKERS: 'none:1',
      DATABASE_URL: this.postgres.value,
      ASSAY_MODE: 'test',
    });
  }
}
