import type { JoinedCell, Lane, RowState, SubmissionState } from '@assay/contracts';
import type { Provider } from '@assay/providers';
import pg from 'pg';

const BASE = {
  version: 1,
  docs: 'https://docs.example/',
  auth: { kind: 'none' as const },
  batch: { size: 1, lingerMs: 0 },
  limits: [{ permits: 1, perMs: 1_000, of: 'calls' as const }],
  concurrency: 10,
  limitKey: () => 'all',
  timeoutMs: 10_000,
  retries: 1,
  breaker: { volume: 10, errorPercent: 50, coolOffMs: 10_000 },
  ttlMs: { ok: 86_400_000, absent: 86_400_000 },
  request: () => [],
  parse: () => new Map(),
};

/** Stand-ins for the real definitions: this part reads only what they say about themselves. */
export const testProviders: Provider[] = [
  {
    ...BASE,
    id: 'page',
    title: 'The page itself',
    asks: [{ id: 'page', surface: 'page', round: 1, unit: 'url' }],
    metrics: [
      { id: 'status', type: 'integer', unit: '', meaning: 'HTTP status of the last answer' },
      { id: 'words', type: 'integer', unit: 'words', meaning: 'Words of visible text' },
      { id: 'title', type: 'text', unit: '', meaning: 'Title of the page' },
    ],
  },
  {
    ...BASE,
    id: 'dns',
    title: 'DNS',
    asks: [{ id: 'dns', surface: 'dns', round: 1, unit: 'host' }],
    metrics: [
      { id: 'a', type: 'integer', unit: 'records', meaning: 'IPv4 addresses' },
      { id: 'mx', type: 'integer', unit: 'records', meaning: 'Mail servers' },
    ],
  },
  {
    ...BASE,
    id: 'moz',
    title: 'Moz Links',
    auth: { kind: 'key', form: 'header', env: 'MOZ_TOKEN', signUp: 'https://moz.example/keys' },
    asks: [
      {
        id: 'moz.url',
        surface: 'moz.url',
        round: 2,
        unit: 'url',
        needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
      },
    ],
    metrics: [
      {
        id: 'pageAuthority',
        type: 'number',
        unit: '',
        range: [0, 100],
        meaning: 'Predicted ranking strength of the page',
      },
      {
        id: 'spamScore',
        type: 'number',
        unit: '%',
        range: [0, 100],
        meaning: 'Share of banned sites among similar ones',
      },
    ],
  },
];

export interface SeedRow {
  readonly seq: number;
  readonly url: string;
  /** Missing: not dispatched yet. */
  readonly state?: RowState;
  readonly version?: number;
  readonly cells?: Readonly<Record<string, JoinedCell>>;
  readonly numbers?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly spam?: unknown;
  readonly quality?: unknown;
}

export interface SeedSubmission {
  readonly id: string;
  readonly state?: SubmissionState;
  readonly lane?: Lane;
  readonly name?: string;
  readonly asks: readonly string[];
  readonly rows: readonly SeedRow[];
  readonly duplicates?: readonly { seq: number; of: number; url: string }[];
  readonly rejected?: readonly { seq: number; line: string; reason: string }[];
}

/** Writes a submission the way ingest and store do, counts spread over two partitions. */
export async function seed(client: pg.Client, submission: SeedSubmission): Promise<void> {
  const { id, rows, duplicates = [], rejected = [] } = submission;
  await client.query(
    `INSERT INTO submission (id, state, lane, name, asks, round1_ms, deadline_ms, grace_ms, patience_ms,
       lines, accepted, duplicate, rejected, completed_at)
     VALUES ($1, $2, $3, $4, $5, 20000, 60000, 60000, 5000, $6, $7, $8, $9, $10)`,
    [
      id,
      submission.state ?? 'running',
      submission.lane ?? 'express',
      submission.name ?? null,
      submission.asks,
      rows.length + duplicates.length + rejected.length,
      rows.length,
      duplicates.length,
      rejected.length,
      submission.state === 'complete' ? new Date() : null,
    ],
  );
  for (const { seq, url } of rows) await insertLine(client, id, seq, url, null);
  for (const { seq, of, url } of duplicates) await insertLine(client, id, seq, url, of);
  for (const { seq, line, reason } of rejected)
    await client.query('INSERT INTO rejected_line VALUES ($1, $2, $3, $4)', [id, seq, line, reason]);
  for (const row of rows) await writeRow(client, id, row);
}

async function insertLine(client: pg.Client, id: string, seq: number, url: string, of: number | null) {
  const { hostname } = new URL(url);
  await client.query(
    `INSERT INTO submission_line (submission, seq, url, host, domain, bucket, turn, duplicate_of)
     VALUES ($1, $2, $3, $4, $4, 0, 0, $5)`,
    [id, seq, url, hostname, of],
  );
}

/** Writes a row's new version and moves the counts by the difference, as the store does. */
export async function writeRow(client: pg.Client, id: string, row: SeedRow): Promise<void> {
  if (!row.state) return;
  const old = await client.query('SELECT state, cells FROM url_row WHERE submission = $1 AND seq = $2', [
    id,
    row.seq,
  ]);
  if (old.rows[0]) await count(client, id, row.seq, old.rows[0] as Counted, -1);
  const { hostname } = new URL(row.url);
  await client.query(
    `INSERT INTO url_row (submission, seq, version, state, url, host, domain, cells, numbers, spam, quality)
     VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10)
     ON CONFLICT (submission, seq) DO UPDATE SET version = excluded.version, state = excluded.state,
       cells = excluded.cells, numbers = excluded.numbers, spam = excluded.spam, quality = excluded.quality`,
    [
      id,
      row.seq,
      row.version ?? 1,
      row.state,
      row.url,
      hostname,
      JSON.stringify(row.cells ?? {}),
      JSON.stringify(row.numbers ?? {}),
      row.spam ? JSON.stringify(row.spam) : null,
      row.quality ? JSON.stringify(row.quality) : null,
    ],
  );
  await count(client, id, row.seq, { state: row.state, cells: row.cells ?? {} }, 1);
}

interface Counted {
  readonly state: string;
  readonly cells: Readonly<Record<string, JoinedCell>>;
}

async function count(client: pg.Client, id: string, seq: number, row: Counted, sign: 1 | -1): Promise<void> {
  const keys = [
    ['', row.state, ''],
    ...Object.entries(row.cells).map(([ask, cell]) => [ask, cell.outcome, cell.detail ?? '']),
  ];
  for (const [ask, outcome, detail] of keys)
    await client.query(
      `INSERT INTO submission_count VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (submission, partition, ask, outcome, detail) DO UPDATE SET n = submission_count.n + excluded.n`,
      [id, seq % 2, ask, outcome, detail, sign],
    );
}
