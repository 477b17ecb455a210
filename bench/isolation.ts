/**
 * npm run bench:isolation [-- --pairs 3 --rows 300]
 *
 * Whether a provider in trouble slows its neighbours: on a fresh system the same work twice, first
 * undisturbed, then with rdap hanging, safebrowsing answering 500, openpagerank 429 and moz garbage. For
 * page and dns, which nothing is wrong with: p95 of the time to a cell, and cells a second, each as a
 * ratio of the disturbed half to the undisturbed; medians of the pairs. The last line is JSON; exits 1
 * unless p95 stays within 1.2 and throughput within 0.9.
 */
import { cacheFolder } from '@assay/embedded';
import { startSystem } from '@assay/standalone/system';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { median, waitUntilFinal } from './pipeline/measure.js';

const { values: options } = parseArgs({
  options: { pairs: { type: 'string', default: '3' }, rows: { type: 'string', default: '300' } },
});
const ROWS = Number(options.rows);
/** Room for rdap's documented limits; the same for both halves. */
const ANEW = 'round1Ms=15000&deadlineMs=50000&patienceMs=15000&maxAgeMs=0';
const FAULTS = { rdap: 'hang', safebrowsing: '500', openpagerank: '429', moz: 'garbage' };
const UNTOUCHED = ['page', 'dns'];
/** A host's pages are asked for one by one, so a single slow site would set the pace of the whole half. */
const QUICK_MS = 600;
const REGISTRIES = ['com', 'org', 'net', 'dev', 'io', 'uk', 'fr', 'nl', 'info', 'us'];

interface Pace {
  readonly p95Ms: number;
  readonly perSecond: number;
}

interface Place {
  readonly address: string;
  readonly control: string;
  readonly pool: pg.Pool;
}

async function finish({ address, pool }: Place, urls: readonly string[]): Promise<string> {
  const response = await fetch(`${address}/v1/submissions?${ANEW}`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: urls.join('\n'),
  });
  if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
  const { id } = (await response.json()) as { id: string };
  await waitUntilFinal(pool, id, urls.length, 50);
  return id;
}

/** Sites that answer at once, known to every service from now on: both halves find the same. */
async function quickHosts(place: Place): Promise<string[]> {
  const candidates = Array.from(
    { length: Math.ceil(ROWS * 1.3) },
    (_, i) => `ordinary-beside-${i}.${REGISTRIES[i % REGISTRIES.length]}`,
  );
  const id = await finish(
    place,
    candidates.map((host) => `https://${host}/warm-up`),
  );
  const { rows } = await place.pool.query<{ host: string }>(
    `SELECT host FROM url_row WHERE submission = $1 AND cells -> 'page' ->> 'outcome' = 'ok'
        AND (numbers -> 'page' ->> 'total_ms')::float < $2 ORDER BY seq LIMIT $3`,
    [id, QUICK_MS, ROWS],
  );
  if (rows.length < ROWS) throw new Error(`only ${rows.length} of ${candidates.length} sites are quick`);
  return rows.map(({ host }) => host);
}

async function paces({ pool }: Place, id: string): Promise<Record<string, Pace>> {
  const { rows } = await pool.query<{ ask: string; n: number; p95: number; last: number }>(
    `SELECT ask, count(*)::int AS n, percentile_disc(0.95) WITHIN GROUP (ORDER BY ms) AS p95, max(ms) AS last
       FROM (SELECT cell.key AS ask, cell.value ->> 'outcome' AS outcome,
                    (cell.value ->> 'at')::float8 - extract(epoch FROM d.at)::float8 * 1000 AS ms
               FROM url_row, json_each(cells) AS cell,
                    (SELECT min(dispatched_at) AS at FROM dispatch WHERE submission = $1) AS d
              WHERE submission = $1) AS timed
      WHERE ask = ANY($2) AND outcome IN ('ok', 'absent') GROUP BY ask`,
    [id, UNTOUCHED],
  );
  return Object.fromEntries(
    rows.map(({ ask, n, p95, last }) => [
      ask,
      { p95Ms: Math.round(p95), perSecond: Math.round((n / last) * 10_000) / 10 },
    ]),
  );
}

async function disturb({ control }: Place): Promise<void> {
  for (const [provider, fault] of Object.entries(FAULTS)) {
    const response = await fetch(`${control}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ provider, fault }),
    });
    if (!response.ok) throw new Error(`fault of ${provider}: ${response.status}`);
  }
}

async function measurePair(place: Place): Promise<Record<string, { p95: number; throughput: number }>> {
  const hosts = await quickHosts(place);
  const half = async (name: string) =>
    paces(
      place,
      await finish(
        place,
        hosts.map((host) => `https://${host}/${name}`),
      ),
    );
  const before = await half('undisturbed');
  await disturb(place);
  const during = await half('disturbed');
  console.error(JSON.stringify({ undisturbed: before, disturbed: during }));
  return Object.fromEntries(
    UNTOUCHED.map((ask) => [
      ask,
      {
        p95: during[ask]!.p95Ms / before[ask]!.p95Ms,
        throughput: during[ask]!.perSecond / before[ask]!.perSecond,
      },
    ]),
  );
}

async function onFreshSystem(): ReturnType<typeof measurePair> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'assay-isolation-'));
  const system = await startSystem(
    {
      mode: 'test',
      dataFolder,
      cacheFolder: cacheFolder(process.env),
      host: '127.0.0.1',
      port: 0,
      partitions: 12,
      replicationFactor: 1,
      durable: true,
      environment: { ...process.env, LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn' },
      fetchers: [['page'], ['dns', 'rdap', 'safebrowsing', 'openpagerank', 'moz']],
      simulator: { latency: '20-200' },
      limitsFactor: 10,
    },
    {
      note: (text) => console.error(text),
      onService: (event) => event.kind === 'ended' && console.error(`${event.service} ended: ${event.how}`),
    },
  );
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 2 });
  try {
    return await measurePair({ address: system.address, control: system.simulatorControl!, pool });
  } finally {
    await pool.end();
    await system.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

const pairs: Awaited<ReturnType<typeof measurePair>>[] = [];
for (let pair = 0; pair < Number(options.pairs); pair++) pairs.push(await onFreshSystem());
const ratios = Object.fromEntries(
  UNTOUCHED.map((ask) => {
    const round = (value: number) => Math.round(value * 100) / 100;
    return [
      ask,
      {
        p95: round(median(pairs.map((pair) => pair[ask]!.p95))),
        throughput: round(median(pairs.map((pair) => pair[ask]!.throughput))),
      },
    ];
  }),
);
console.log(JSON.stringify({ bench: 'isolation', rows: ROWS, pairs: pairs.length, ratios }));
const kept = Object.values(ratios).every(({ p95, throughput }) => p95 <= 1.2 && throughput >= 0.9);
process.exitCode = kept ? 0 : 1;
