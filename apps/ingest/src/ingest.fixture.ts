import type { JoinedCell, LineCounts, Problem, SubmissionAccepted, UrlSubmitted } from '@assay/contracts';
import { openDatabase, type OpenDatabase } from '@assay/database';
import {
  createPublisher,
  createTopics,
  WindowedKafkaStrategy,
  type MessageContext,
  type Publisher,
} from '@assay/messaging';
import { builtInProviders, worksWithoutKey } from '@assay/providers';
import { createLogger } from '@assay/telemetry';
import { eventually, testDatabase, testKafka, type TestPart } from '@assay/testing';
import { readIngestConfig } from './ingest.config.js';
import { startIngest, type RunningIngest } from './start-ingest.js';

export interface Seen {
  readonly message: UrlSubmitted;
  readonly context: MessageContext;
}

export interface StoredRow {
  readonly seq: number;
  readonly cells?: Readonly<Record<string, JoinedCell>>;
  readonly state?: 'partial' | 'final';
  readonly gen?: number;
}

export const PARTITIONS = 6;
export const logger = createLogger('test', process.env['LOG_LEVEL'] ?? 'silent');

/** A broker, a database, a reader of `url.submitted`, and as many ingests as a spec starts. */
export class IngestFixture {
  readonly seen: Seen[] = [];
  private readonly running: RunningIngest[] = [];
  private readonly readers: WindowedKafkaStrategy[] = [];

  private constructor(
    private readonly kafka: TestPart<string>,
    private readonly postgres: TestPart<string>,
    readonly database: OpenDatabase,
    private readonly publisher: Publisher,
    private readonly strategy: WindowedKafkaStrategy,
    readonly headers: readonly (readonly string[])[],
  ) {}

  static async start(): Promise<IngestFixture> {
    const [kafka, postgres] = await Promise.all([testKafka(), testDatabase()]);
    await createTopics({ brokers: kafka.value, partitions: PARTITIONS });
    const publisher = await createPublisher({ brokers: kafka.value, clientId: 'spec', logger });
    const headers: (readonly string[])[] = [];
    const strategy = new WindowedKafkaStrategy({
      wants: (asks) => headers.push(asks) > 0,
      brokers: kafka.value,
      group: 'spec',
      messages: ['url.submitted'],
      window: { express: 1_000, bulk: 1_000 },
      sessionTimeoutMs: 20_000,
      publisher,
      logger,
    });
    const database = await openDatabase({ url: postgres.value, poolSize: 4, applicationName: 'spec' });
    const fixture = new IngestFixture(kafka, postgres, database, publisher, strategy, headers);
    const known = new Set<string>();
    // A slow machine may let the reader's session lapse: a record read twice is not one sent twice.
    const note = async (message: UrlSubmitted, context: MessageContext) => {
      const record = `${context.lane} ${context.partition} ${context.offset}`;
      if (!known.has(record)) fixture.seen.push({ message, context });
      known.add(record);
    };
    strategy.addHandler('url.submitted', note as never, true);
    await new Promise<void>((resolve, reject) =>
      strategy.listen((error) => (error ? reject(error) : resolve())),
    );
    return fixture;
  }

  get brokers(): string {
    return this.kafka.value;
  }

  async ingest(environment: Record<string, string> = {}): Promise<RunningIngest> {
    const config = await readIngestConfig({
      KAFKA_BROKERS: this.kafka.value,
      DATABASE_URL: this.postgres.value,
      ASSAY_MODE: 'test',
      DISPATCH_POLL_MS: '50',
      ...environment,
    });
    const ingest = await startIngest({ ...config, port: 0 }, logger);
    this.running.push(ingest);
    return ingest;
  }

  async stop(): Promise<void> {
    await this.stopIngests();
    await this.stopJoiner();
    await this.strategy.stop();
    await this.publisher.close();
    await this.database.close();
    await Promise.all([this.kafka.stop(), this.postgres.stop()]);
  }

  /** Stands in for the joiner: a reader in its group, from where it was. */
  async joiner(handle: (message: UrlSubmitted, context: MessageContext) => Promise<void>): Promise<void> {
    const strategy = new WindowedKafkaStrategy({
      brokers: this.kafka.value,
      group: 'joiner',
      messages: ['url.submitted'],
      window: { express: 1_000, bulk: 1_000 },
      sessionTimeoutMs: 3_000,
      publisher: this.publisher,
      logger,
    });
    strategy.addHandler('url.submitted', handle as never, true);
    this.readers.push(strategy);
    await new Promise<void>((resolve, reject) =>
      strategy.listen((error) => (error ? reject(error) : resolve())),
    );
  }

  async stopJoiner(): Promise<void> {
    await Promise.all(this.readers.splice(0).map((reader) => reader.stop()));
  }

  async stopIngests(): Promise<void> {
    await Promise.all(this.running.splice(0).map((ingest) => ingest.stop()));
  }

  /** Messages of one submission, once there are as many as expected. */
  async dispatched(submission: string, count: number): Promise<Seen[]> {
    const own = () => this.seen.filter(({ message }) => message.plan.submission === submission);
    return eventually(own, (seen) => seen.length >= count);
  }

  /** Stands in for the store: so many rows have a final version. */
  async countFinal(submission: string, rows: number): Promise<void> {
    await this.database.query({
      text: `INSERT INTO submission_count (submission, partition, ask, outcome, n) VALUES ($1, 0, '', 'final', $2)
        ON CONFLICT (submission, partition, ask, outcome, detail) DO UPDATE SET n = excluded.n`,
      values: [submission, rows],
    });
  }

  /** Stands in for the store: these rows have these cells; the counts of rows follow. */
  async storeRows(submission: string, rows: readonly StoredRow[]): Promise<void> {
    const values = rows.map(({ seq, cells = {}, state = 'final', gen = 0 }) => ({ seq, cells, state, gen }));
    await this.database.query({
      text: `INSERT INTO url_row (submission, seq, version, state, cells, numbers, gen)
        SELECT $1, seq, 1, state, cells, '{}', gen
        FROM json_to_recordset($2::json) AS r(seq bigint, state text, cells json, gen int)
        ON CONFLICT (submission, seq) DO UPDATE SET state = excluded.state, gen = excluded.gen, cells = excluded.cells`,
      values: [submission, JSON.stringify(values)],
    });
    await this.database.query({
      text: 'DELETE FROM submission_count WHERE submission = $1',
      values: [submission],
    });
    await this.database.query({
      text: `INSERT INTO submission_count (submission, partition, ask, outcome, detail, n)
        SELECT submission, 0, '', state, coalesce(nullif(gen, 0)::text, ''), count(*) FROM url_row
        WHERE submission = $1 GROUP BY submission, state, gen`,
      values: [submission],
    });
  }

  /** Resolves when the submission is complete. */
  async completed(submission: string): Promise<void> {
    await eventually(
      () =>
        this.database.query({
          text: 'SELECT FROM submission WHERE id = $1 AND completed_at IS NOT NULL',
          values: [submission],
        }),
      ({ rowCount }) => rowCount === 1,
    );
  }

  /** As a person does, without a request. */
  async cancel(submission: string): Promise<void> {
    await this.database.query({
      text: `UPDATE submission SET state = 'cancelled', cancelled_at = now(), controlled_at = now() WHERE id = $1`,
      values: [submission],
    });
  }

  async state(submission: string): Promise<string | undefined> {
    const found = await this.database.query<{ state: string }>({
      text: 'SELECT state FROM submission WHERE id = $1',
      values: [submission],
    });
    return found.rows[0]?.state;
  }

  async rejected(submission: string): Promise<{ seq: number; line: string; reason: string }[]> {
    const found = await this.database.query<{ seq: string; line: string; reason: string }>({
      text: 'SELECT seq, line, reason FROM rejected_line WHERE submission = $1 ORDER BY seq',
      values: [submission],
    });
    return found.rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  }

  async submissions(): Promise<string[]> {
    const found = await this.database.query<{ id: string }>({ text: 'SELECT id FROM submission' });
    return found.rows.map(({ id }) => id);
  }

  /** Rows in all tables that an upload writes to. */
  async kept(): Promise<number> {
    const found = await this.database.query<{ n: string }>({
      text: `SELECT (SELECT count(*) FROM submission) + (SELECT count(*) FROM submission_line)
        + (SELECT count(*) FROM rejected_line) AS n`,
    });
    return Number(found.rows[0]!.n);
  }
}

export async function post(
  ingest: RunningIngest,
  body: string | Buffer | null,
  type = 'text/plain',
  query = '',
): Promise<{ status: number; accepted: SubmissionAccepted; problem: Problem; response: Response }> {
  const response = await fetch(`${ingest.url}/v1/submissions${query}`, {
    method: 'POST',
    body,
    headers: type ? { 'content-type': type } : {},
  });
  const json = (await response.json()) as never;
  return { status: response.status, accepted: json, problem: json, response };
}

export const postJson = (ingest: RunningIngest, value: unknown) =>
  post(ingest, JSON.stringify(value), 'application/json');

export function counts(accepted: number, duplicate = 0, rejected = 0): LineCounts {
  return { lines: accepted + duplicate + rejected, accepted, duplicate, rejected };
}

export function urls(count: number, domains = count): string[] {
  return Array.from({ length: count }, (_, n) => `https://site${n % domains}.example/page/${n}`);
}

/** Switched on where no key is set. */
export const freeAsks = builtInProviders.filter(worksWithoutKey).flatMap(({ asks }) => asks);
