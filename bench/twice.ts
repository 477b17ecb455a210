/**
 * node bench/dist/twice.js [urls]
 *
 * The same list twice on the bench's stub: six single calls a URL of 20 ms, no limits. URLs a second of the second run
 * over the first; the second makes no call. The last line is JSON; exits 1 below 1.5.
 */
import { appendFileSync } from 'node:fs';
import pg from 'pg';
import { startBenchSystem, startStub } from './pipeline/bench-system.js';
import { median, measureThroughput } from './pipeline/measure.js';
import { benchUrls } from './pipeline/urls.js';

const COUNT = Number(process.argv[2] ?? 10_000);
const PAIRS = 3;
const WANTED = 1.5;

const stub = await startStub();
try {
  const bench = await startBenchSystem(stub.port, [
    ['one-a', 'one-b', 'two-a'],
    ['one-c', 'one-d', 'two-b'],
  ]);
  const pool = new pg.Pool({ connectionString: bench.system.databaseUrl, max: 2 });
  try {
    const list = (name: string) => benchUrls(COUNT, COUNT / 5).map((url) => `${url}&list=${name}`);
    const measure = (name: string) => measureThroughput(bench.system.address, pool, list(name), bench.pids());
    await measure('warm');
    const ratios: number[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const first = await measure(`pair-${pair}`);
      const again = await measure(`pair-${pair}`);
      ratios.push(again.urlsPerSecond / first.urlsPerSecond);
      console.error(JSON.stringify({ first: first.urlsPerSecond, again: again.urlsPerSecond }));
    }
    const ratio = Math.round(median(ratios) * 100) / 100;
    const line = JSON.stringify({
      case: 'same list twice, without limits',
      urls: COUNT,
      pairs: PAIRS,
      ratio,
    });
    const figures = process.env['GOVERNOR_FIGURES'];
    if (figures) appendFileSync(figures, `${line}\n`);
    console.log(line);
    process.exitCode = ratio >= WANTED ? 0 : 1;
  } finally {
    await pool.end();
    await bench.stop();
  }
} finally {
  stub.child.kill();
}
