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
import { migrate, openDatabase } from '@assay/database';
import { startPostgres } from '@assay/embedded';
import { loadOpenRows, PARTITIONS } from './sweep/open-rows.js';
import { describeStatements, Timings } from './sweep/timings.js';
import { reconcileStatements, sweepStatements } from './sweep/statements.js';
import { startWriters } from './sweep/writers.js';

const BOUND_MS = 20;
const { values: options } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const rows = Number(options.rows);

const dataFolder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const postgres = await startPostgres({ dataFolder });
const database = await openDatabase({ url: postgres.url, poolSize: 4, applicationName: 'bench' });
try {
  await migrate(postgres.url);
  const started = performance.now();
  await loadOpenRows(database, rows);
  const loadS = Math.round((performance.now() - started) / 100) / 10;
  const timings = new Timings();
  const sweep = await sweepStatements(database, PARTITIONS, timings);
  const reconcile = await reconcileStatements(database, timings);
  const round = async (name: string) => {
    timings.within(name);
    await sweep.nothingDue();
    await sweep.someDue(500);
    await sweep.manyDue(20_000);
    await reconcile.nothingDue();
    await reconcile.oneDue();
    console.log(name, JSON.stringify(describeStatements(timings.of(name))));
  };
  await round('loaded');
  await database.query({ text: 'ANALYZE' });
  await round('analyzed');
  const writers = startWriters(database);
  await round('written');
  const updated = await writers.stop();
  const all = timings.all();
  const each = [...all.values()].flat();
  console.log(
    JSON.stringify({
      bench: 'sweep',
      openRows: rows,
      loadS,
      updatedMeanwhile: updated,
      statementMs: describeStatements(all),
      worstMs: Math.round(Math.max(...each) * 100) / 100,
      bound: BOUND_MS,
      over: each.filter((ms) => ms >= BOUND_MS).length,
      statements: each.length,
    }),
  );
} finally {
  await database.close();
  await postgres.stop();
  await rm(dataFolder, { recursive: true, force: true });
}
