/**
 * npm run bench:sweep [-- --rows 1000000]
 *
 * The statements of the sweep, and of reconciliation, beside 1,000,000 open rows on a real PostgreSQL: with nothing
 * due, with 500 and with 20,000 due; right after the load, after ANALYZE, and while rows are being written. Each
 * statement must stay under 20 ms. The last line is JSON.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrate, openDatabase, type Database } from '@assay/database';
import { startPostgres } from '@assay/embedded';
import { loadOpenRows, PARTITIONS } from './sweep/open-rows.js';
import { describe, describeStatements, Timings } from './sweep/timings.js';
import { reconcileStatements, sweepStatements } from './sweep/statements.js';
import { Writers } from './sweep/writers.js';

const BOUND_MS = 20;
const { values: options } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const rows = Number(options.rows);

const dataFolder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const postgres = await startPostgres({ dataFolder });
await migrate(postgres.url);
// All that is timed goes through one connection, so that it is one backend; what writes meanwhile has its own.
const open = (poolSize: number) => openDatabase({ url: postgres.url, poolSize, applicationName: 'bench' });
const [database, others] = [await open(1), await open(2)];
const writers = new Writers(others);
try {
  const started = performance.now();
  await loadOpenRows(database, rows);
  const loadS = Math.round((performance.now() - started) / 100) / 10;
  const timings = new Timings(await backendOf(database));
  await runRounds(timings);
  const all = timings.all().flatMap(([, times]) => times);
  const over = all.filter(({ wall }) => wall >= BOUND_MS).length;
  process.exitCode = over > 0 ? 1 : 0;
  console.log(
    JSON.stringify({
      bench: 'sweep',
      openRows: rows,
      loadS,
      writtenMeanwhile: await writers.stop(),
      statementMs: describe(all.map(({ wall }) => wall)),
      cpuMs: describe(all.map(({ cpu }) => cpu)),
      bound: BOUND_MS,
      statements: all.length,
      over,
      overOnCpu: all.filter(({ cpu }) => cpu >= BOUND_MS).length,
    }),
  );
} finally {
  await writers.stop();
  await Promise.all([database.close(), others.close()]);
  await postgres.stop();
  await rm(dataFolder, { recursive: true, force: true });
}

async function runRounds(timings: Timings): Promise<void> {
  const sweep = await sweepStatements(database, PARTITIONS, timings);
  const reconcile = await reconcileStatements(database, timings);
  const round = async (name: string) => {
    timings.within(name);
    await sweep.nothingDue();
    await sweep.someDue(500);
    await sweep.manyDue(20_000);
    await reconcile.nothingDue();
    await reconcile.oneDue();
    console.table(
      Object.entries(describeStatements(timings.of(name))).map(([statement, { cpu, ...wall }]) => ({
        ...{ statement, ...wall },
        ...{ cpu50: cpu.p50, cpu99: cpu.p99, cpuMax: cpu.max },
      })),
    );
  };
  await round('loaded');
  await database.query({ text: 'ANALYZE' });
  await round('analyzed');
  writers.start();
  await round('written');
}

async function backendOf(one: Database): Promise<number> {
  const { rows: found } = await one.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' });
  return found[0]!.pid;
}
