/**
 * npm run bench:kills [-- --rows 300 --seed n]
 *
 * Rows of seven asks each, 50 to 200 ms a call; fetcher, joiner and store killed (-9) once each, in an order and at
 * moments of the seed, while 20 to 80 % of the rows are final. No deadline helps: the lane is bulk, a row closes by
 * itself after 24 h. Waits until all are final, or until no row has become final for 60 s. Then the checker looks at
 * every line, row, number and message. The last line is JSON; exits 1 unless all is there once.
 *
 * The same of Celery: bench/peers/celery.
 */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seeded } from '../governor/seeded.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { countedQuestions, minus, storedQuestions, type Questions } from './call-books.js';
import { check } from './checker/check.js';
import { progressOf } from './row-watch.js';
import { testUrls } from './test-urls.js';

/** page, robots, dns; then openpagerank and three of moz, priced and in batches. */
const PROVIDERS = ['page', 'robots', 'dns', 'openpagerank', 'moz'];
const ASKS = 7;
/** Few at once and small batches: each provider has calls in flight all along, and there is a middle to be killed in. */
const PROVIDER_SETTINGS = {
  page: { concurrency: 5 },
  robots: { concurrency: 3 },
  dns: { concurrency: 10 },
  openpagerank: { concurrency: 1, batch: { size: 5, lingerMs: 20 } },
  moz: { concurrency: 2, batch: { size: 5, lingerMs: 20 } },
};
/** Record types of a host that dns asks for, a call each. */
const CALLS_OF_A_HOST = 5;
const FETCHER = 'fetcher.others';
const VICTIMS = [FETCHER, 'joiner', 'store'];
/** After the row that marks its moment a kill falls up to so much later. */
const LATER_MS = 300;
const QUIET_MS = 60_000;
const LOOK_EVERY_MS = 20;

const { values: options } = parseArgs({
  options: { rows: { type: 'string', default: '300' }, seed: { type: 'string' } },
});
const ROWS = Number(options.rows);
const SEED = Number(options.seed ?? randomInt(2 ** 31));

const say = (text: string) => console.error(text);

/** Resolves to the rows that are final, once they are `wanted` or none has been added for a minute. */
async function untilFinal(system: TestSystem, id: string, wanted: number): Promise<number> {
  let seen = 0;
  for (let since = Date.now(); Date.now() - since < QUIET_MS; await pause(LOOK_EVERY_MS)) {
    const { final } = await progressOf(system.database, id);
    if (final >= wanted) return final;
    if (final > seen) since = Date.now();
    seen = Math.max(seen, final);
  }
  return seen;
}

/** By the rows themselves, not as counted along. */
async function finalRows({ database }: TestSystem, id: string): Promise<number> {
  const { rows } = await database.query(
    `SELECT DISTINCT url FROM url_row WHERE submission = $1 AND state = 'final'`,
    [id],
  );
  return rows.length;
}

/** Units that a provider was asked for more than once, by the simulator's own count. */
async function repeatedUnits({ simulator }: TestSystem): Promise<Record<string, number>> {
  const counts = await simulator.counts();
  return Object.fromEntries(
    PROVIDERS.map((provider) => {
      const { calls, distinctUnits, repeatedUnits: repeated } = counts[provider]!;
      return [provider, provider === 'dns' ? calls - CALLS_OF_A_HOST * distinctUnits : repeated];
    }),
  );
}

/** Priced calls that were in flight at a kill: not bought again, and nobody can say whether they were billed. */
async function chargedUnknown({ database }: TestSystem): Promise<number> {
  const { rows } = await database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM call WHERE charged = 'unknown'`,
  );
  return rows[0]!.n;
}

/** Resolves when it is ready again; to the questions that were put and not answered for good, where it was the one who asks. */
async function kill({ system, simulator, database }: TestSystem, victim: string): Promise<Questions> {
  const service = system.supervisor.service(victim);
  const again = service.nextReady();
  service.signal('SIGKILL');
  const [counts, stored] = await Promise.all([simulator.counts(), storedQuestions(database, new Date(0))]);
  await again;
  return victim === FETCHER ? minus(countedQuestions(counts), stored) : {};
}

async function killThree(system: TestSystem, id: string): Promise<number> {
  const random = seeded(SEED);
  const order = VICTIMS.map((victim) => ({ victim, place: random() })).toSorted((a, b) => a.place - b.place);
  const step = 0.6 / order.length;
  let kills = 0;
  for (const { victim } of order) {
    const share = 0.2 + step * (kills + 0.7 * random());
    await untilFinal(system, id, share * ROWS);
    await pause(LATER_MS * random());
    const { final } = await progressOf(system.database, id);
    const open = await kill(system, victim);
    kills++;
    say(`kill -9 of ${victim} at ${Math.round((100 * final) / ROWS)} %, in flight: ${JSON.stringify(open)}`);
  }
  return kills;
}

async function run(system: TestSystem, folder: string): Promise<boolean> {
  const urls = testUrls(`kills${SEED.toString(36)}`, ROWS, ROWS);
  const inputFile = join(folder, 'urls.txt');
  await writeFile(inputFile, urls.join('\n'));
  const started = performance.now();
  const { id } = await system.api.submit(urls, { lane: 'bulk' });
  const kills = await killThree(system, id);
  await untilFinal(system, id, ROWS);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const { cells, asks } = await system.api.submission(id);
  say(`not answered: ${JSON.stringify(asks.map(({ ask, reasons }) => ({ ask, ...reasons })))}`);
  const { lost, doubled, faults } = await check({
    inputFile,
    submission: id,
    databaseUrl: system.databaseUrl,
    brokers: system.brokers,
    simulatorUrl: system.simulator.address,
  });
  for (const fault of faults) say(JSON.stringify(fault));
  const [askedTwice, unknown] = [await repeatedUnits(system), await chargedUnknown(system)];
  const neverFinal = ROWS - (await finalRows(system, id));
  const { planned, pending, ok, absent, failed, skipped } = cells;
  const outcomes = { planned, pending, ok, absent, failed, skipped };
  const line = { bench: 'assay-kills', rows: ROWS, kills, neverFinal, doubled, seconds, seed: SEED, lost };
  console.log(JSON.stringify({ ...line, faults: faults.length, cells: outcomes, askedTwice, unknown }));
  return neverFinal === 0 && faults.length === 0 && planned === ROWS * ASKS;
}

say(`${ROWS} rows of ${ASKS} asks, ${VICTIMS.length} kills, --seed ${SEED}`);
const system = await startSystem({
  providers: PROVIDERS,
  fetchers: [PROVIDERS],
  simulatorLatency: '50-200',
  providerSettings: PROVIDER_SETTINGS,
});
const folder = await mkdtemp(join(tmpdir(), 'assay-kills-'));
try {
  process.exitCode = (await run(system, folder)) ? 0 : 1;
} finally {
  await system.stop();
  await rm(folder, { recursive: true, force: true });
}
