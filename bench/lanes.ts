/**
 * npm run bench:lanes [-- --urls 50000 --small 100 --rounds 5]
 *
 * How long a small list takes on an idle system, and while a large one runs: six single-call asks of
 * 20 ms without hard limits. Medians and the 95th percentile; the last line is JSON. The ratio must stay under 3.
 * DISPATCH_CALM_FLUSH_MS=86400000: the same where bulk does not slow by what joiner and store say.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startBenchSystem, startStub } from './pipeline/bench-system.js';
import { finalRows, median, quantile, submit, waitUntilFinal } from './pipeline/measure.js';
import { benchUrls } from './pipeline/urls.js';

interface Place {
  readonly address: string;
  readonly pool: pg.Pool;
}

const { values: options } = parseArgs({
  options: {
    urls: { type: 'string', default: '50000' },
    small: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '5' },
    fetchers: { type: 'string', default: 'one-a,one-b,two-a;one-c,one-d,two-b' },
  },
});
const large = Number(options.urls);
const small = Number(options.small);
const rounds = Number(options.rounds);

const smallUrls = (name: string) => benchUrls(small, small).map((url) => `${url}&list=${name}`);

/** One list after the other, each of URLs nobody has asked about. Milliseconds each. */
async function smallLists({ address, pool }: Place, name: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const id = await submit(address, smallUrls(`${name}-${round}`));
    await waitUntilFinal(pool, id, small, 2);
    times.push(Math.round(performance.now() - started));
  }
  return times;
}

async function run(place: Place): Promise<Record<string, unknown>> {
  const { address, pool } = place;
  await waitUntilFinal(pool, await submit(address, benchUrls(2_000, 500)), 2_000, 20);
  await smallLists(place, 'warm');
  const idle = await smallLists(place, 'idle');
  const started = performance.now();
  const id = await submit(
    address,
    benchUrls(large, large / 5).map((url) => `${url}&list=large`),
  );
  await waitUntilFinal(pool, id, large / 20, 20);
  const before = await finalRows(pool, id);
  const beside = await smallLists(place, 'beside');
  const after = await finalRows(pool, id);
  if (after >= large) throw new Error('the large list ended before the small ones: take more URLs');
  await waitUntilFinal(pool, id, large, 100);
  const seconds = (performance.now() - started) / 1000;
  const [idleMs, besideMs] = [median(idle), median(beside)];
  return {
    bench: 'lanes',
    urls: large,
    small,
    idleMs,
    besideMs,
    ratio: Math.round((besideMs / idleMs) * 100) / 100,
    besideP95Ms: quantile(
      beside.toSorted((a, b) => a - b),
      0.95,
    ),
    worstBesideMs: Math.max(...beside),
    largeFinalMeanwhile: [before, after],
    largeUrlsPerSecond: Math.round(large / seconds),
  };
}

const stub = await startStub();
try {
  const groups = options.fetchers.split(';').map((group) => group.split(','));
  const bench = await startBenchSystem(stub.port, groups);
  const pool = new pg.Pool({ connectionString: bench.system.databaseUrl, max: 2 });
  try {
    console.log(JSON.stringify(await run({ address: bench.system.address, pool })));
  } finally {
    await pool.end();
    await bench.stop();
  }
} finally {
  stub.child.kill();
}
