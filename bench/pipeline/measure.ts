import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { costBetween, processCosts, type ProcessCost } from './process-cost.js';

const RUN_WITHIN_MS = 300_000;

export interface Throughput {
  readonly urlsPerSecond: number;
  readonly seconds: number;
  readonly cost: Record<string, ProcessCost>;
}

/** Hands in a text list; resolves with its id when it is accepted. */
export async function submit(address: string, urls: readonly string[]): Promise<string> {
  const response = await fetch(`${address}/v1/submissions`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: urls.join('\n'),
  });
  if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

/** Final rows of a submission, as committed. */
export async function finalRows(pool: pg.Pool, id: string): Promise<number> {
  const counted = await pool.query<{ n: string | null }>({
    name: 'final-rows',
    text: `SELECT sum(n) AS n FROM submission_count WHERE submission = $1 AND ask = '' AND outcome = 'final'`,
    values: [id],
  });
  return Number(counted.rows[0]?.n ?? 0);
}

/** Rejects after five minutes. */
export async function waitUntilFinal(
  pool: pg.Pool,
  id: string,
  rows: number,
  everyMs: number,
): Promise<void> {
  const deadline = Date.now() + RUN_WITHIN_MS;
  for (;;) {
    const seen = await finalRows(pool, id);
    if (seen >= rows) return;
    if (Date.now() > deadline)
      throw new Error(`${seen} of ${rows} rows final after ${RUN_WITHIN_MS / 1000} s`);
    await pause(everyMs);
  }
}

/** From the first byte of the upload to the last final row, committed. */
export async function measureThroughput(
  address: string,
  pool: pg.Pool,
  urls: readonly string[],
  pids: Record<string, number>,
): Promise<Throughput> {
  const before = processCosts(pids);
  const started = performance.now();
  const id = await submit(address, urls);
  await waitUntilFinal(pool, id, urls.length, 20);
  const seconds = (performance.now() - started) / 1000;
  await assertAllOk(pool, id, urls.length);
  return {
    urlsPerSecond: Math.round(urls.length / seconds),
    seconds: Math.round(seconds * 100) / 100,
    cost: costBetween(before, processCosts(pids)),
  };
}

/** A fast run of failed cells is no run: every cell must be ok. */
async function assertAllOk(pool: pg.Pool, id: string, rows: number): Promise<void> {
  const { rows: counts } = await pool.query<{ ask: string; outcome: string; n: string }>(
    `SELECT ask, outcome, sum(n) AS n FROM submission_count WHERE submission = $1 AND ask <> '' GROUP BY 1, 2 HAVING sum(n) > 0`,
    [id],
  );
  const bad = counts.filter(({ outcome, n }) => outcome !== 'ok' || Number(n) !== rows);
  if (bad.length > 0 || counts.length !== 6)
    throw new Error(`cells are not all ok: ${JSON.stringify(counts)}`);
}

/** One URL at a time on an idle system: milliseconds from the request to the final row, committed. */
export async function measureIdle(
  address: string,
  pool: pg.Pool,
  urls: readonly string[],
): Promise<number[]> {
  const times: number[] = [];
  for (const url of urls) {
    const started = performance.now();
    const id = await submit(address, [url]);
    await waitUntilFinal(pool, id, 1, 1);
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b);
}

export function quantile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]! * 10) / 10;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
