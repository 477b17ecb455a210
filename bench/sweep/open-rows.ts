import type { Database } from '@assay/database';

/** Of each lane's topics. */
export const PARTITIONS = 24;
/** Rows of one submission that may be in flight. */
const IN_FLIGHT = 20_000;
const EXPRESS_ROWS = 500;
const CHUNK = 500;

/** The state of a row that waits for its last two asks: about 1 KB. */
const STATE = JSON.stringify({
  plan: {
    submission: '01890000-0000-7000-8000-000000000001',
    asks: {
      page: 0,
      dns: 0,
      rdap: 0,
      safebrowsing: 0,
      openpagerank: 0,
      'safebrowsing.final': 0,
      'moz.url': 0,
    },
    ...{ dispatchedAt: 1_790_000_000_000, round1At: 1_790_021_600_000, deadlineAt: 1_790_086_400_000 },
    ...{ graceMs: 3_600_000, patienceMs: 3_600_000 },
  },
  row: {
    url: 'https://www.site-12345.example/section/4/article-12345?ref=list',
    host: 'www.site-12345.example',
  },
  facts: {
    page: {
      gen: 0,
      outcome: 'ok',
      at: 1_790_000_000_500,
      facts: { finalUrl: 'https://www.site-12345.example/' },
    },
  },
  cells: Object.fromEntries(
    ['page', 'dns', 'rdap', 'safebrowsing'].map((ask, at) => [
      ask,
      { gen: 0, outcome: 'ok', answer: `01890000-0000-7000-8000-00000000000${at}`, at: 1_790_000_000_400 },
    ]),
  ),
  ended: {},
  emitted: { 'moz.url': { gen: 0, unit: 'https://www.site-12345.example/section/4/article-12345' } },
  ...{ version: 4, final: false, shown: 1, shownAt: 1_790_000_000_000 },
});

/**
 * A tenth of the rows is express in lists of 500, the rest bulk with 20,000 in flight each; round one of all of them
 * closes in 1 to 6 hours. Beside them the lines, the rows as people see them, and a dispatch for each 500.
 */
export async function loadOpenRows(database: Database, rows: number): Promise<void> {
  const statements = [LISTS, ...FOR_EACH_ROW, DISPATCHES, SETTLED];
  for (const [at, text] of statements.entries())
    await database.query({
      text,
      values: at === 0 ? [rows, IN_FLIGHT, EXPRESS_ROWS] : text.includes('$1') ? [STATE] : [],
    });
}

const LISTS = `
INSERT INTO submission (id, state, lane, asks, round1_ms, deadline_ms, grace_ms, patience_ms, lines, accepted, dispatched)
SELECT uuidv7(), 'running', lane, ARRAY['page', 'dns'], 21600000, 86400000, 3600000, 3600000, n, n, n
FROM (
  SELECT 'express' AS lane, $3::int AS n FROM generate_series(1, $1::int / 10 / $3::int)
  UNION ALL SELECT 'bulk', $2::int FROM generate_series(1, $1::int * 9 / 10 / $2::int)
) AS lists`;

const EACH = 'FROM submission s CROSS JOIN LATERAL generate_series(1, s.accepted) AS seq';

const FOR_EACH_ROW = [
  `INSERT INTO submission_line (submission, seq, url, host, domain, bucket, turn)
   SELECT s.id, seq, 'https://www.site-' || seq || '.example/', 'www.site-' || seq || '.example', 'site-' || seq || '.example', 0, 0
   ${EACH}`,
  `INSERT INTO url_row (submission, seq, version, state, cells, numbers)
   SELECT s.id, seq, 1, 'partial', '{}', '{}' ${EACH}`,
  `INSERT INTO pending_row (submission, seq, lane, partition, revision, state, sweep_at)
   SELECT s.id, seq, s.lane, seq % ${PARTITIONS}, 5, $1, now() + (1 + 5 * random()) * interval '1 hour' ${EACH}`,
];

const DISPATCH_COLUMNS = `submission, chunk, after_turn, after_seq, to_turn, to_seq, row_count, partitions, dispatched_at,
  round1_at, deadline_at, lease_owner, lease_until, sent_at, settled_at`;

const DISPATCHES = `
INSERT INTO dispatch (${DISPATCH_COLUMNS})
SELECT s.id, chunk, 0, chunk * ${CHUNK}, 0, (chunk + 1) * ${CHUNK}, ${CHUNK}, ${PARTITIONS}, now(),
  now() + interval '6 hours', now() + interval '1 day', gen_random_uuid(), now(), now(), NULL
FROM submission s CROSS JOIN LATERAL generate_series(0, s.accepted / ${CHUNK} - 1) AS chunk`;

/** Of days before, as many again ten times over: half of them of complete submissions, which nobody settled. */
const SETTLED = `
WITH old AS (
  INSERT INTO submission (id, state, lane, asks, round1_ms, deadline_ms, grace_ms, patience_ms, completed_at)
  SELECT uuidv7(), 'complete', 'bulk', ARRAY['page'], 21600000, 86400000, 3600000, 3600000, now()
  FROM generate_series(1, 1000) RETURNING id
)
INSERT INTO dispatch (${DISPATCH_COLUMNS})
SELECT id, chunk, 0, chunk * ${CHUNK}, 0, (chunk + 1) * ${CHUNK}, ${CHUNK}, ${PARTITIONS}, now() - interval '3 days',
  now() - interval '3 days', now() - interval '2 days', gen_random_uuid(), now(), now(),
  CASE WHEN chunk % 2 = 0 THEN now() END
FROM old CROSS JOIN generate_series(0, 19) AS chunk`;
