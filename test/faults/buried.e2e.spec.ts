import type { RowView } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { countsOf, recount } from '../harness/recount.js';
import { runCommand } from '../harness/run-command.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { quickDomains } from './test-urls.js';

const ROWS = 30;
const domains = quickDomains('buried', ROWS);
/** Lines of the two rows whose messages die: of one all that the joiner takes, of the other what it gives to the store. */
const OF_JOINER = 8;
const OF_STORE = 21;
const BREAK = [
  `ALTER TABLE pending_row ADD CONSTRAINT broken CHECK (seq <> ${OF_JOINER})`,
  `ALTER TABLE url_row ADD CONSTRAINT broken CHECK (seq <> ${OF_STORE})`,
];
const MEND = ['pending_row', 'url_row'].map((table) => `ALTER TABLE ${table} DROP CONSTRAINT broken`);
const SHORT = { lane: 'bulk', patienceMs: '4000', round1Ms: '4000', deadlineMs: '6000' };

let system: TestSystem;
let id: string;
let rows: RowView[];
let buried: Set<string>;

async function letters(): Promise<Set<string>> {
  const environment = { KAFKA_BROKERS: system.brokers, DATABASE_URL: system.databaseUrl };
  const { out } = await runCommand(['dead', '--json', '--submission', id], environment);
  const found = out.split('\n').filter(Boolean);
  return new Set(
    found
      .map((line) => JSON.parse(line) as { group: string; message: string })
      .map((one) => `${one.group} ${one.message}`),
  );
}

beforeAll(async () => {
  system = await startSystem({
    providers: ['page', 'dns', 'openpagerank'],
    environment: { BULK_GRACE_MS: '1000', RECONCILE_POLL_MS: '200' },
  });
  for (const statement of BREAK) await system.database.query(statement);
  ({ id } = await system.api.submit(
    domains.map((domain) => `https://${domain}/`),
    SHORT,
  ));
  buried = await eventually(
    letters,
    (seen) => seen.has('store row.joined') && seen.has('joiner url.submitted'),
    60_000,
    500,
  );
  for (const statement of MEND) await system.database.query(statement);
  await system.api.finished(id, 90_000);
  rows = await system.api.rows(id);
}, 200_000);
afterAll(() => system?.stop());

test('what a row begins with, its cells and what shows it may die: the row is final all the same once the cause is gone', () => {
  expect(buried).toContain('joiner metric.round1');
  expect(rows.map(({ seq, state }) => [seq, state])).toEqual(rows.map(({ seq }) => [seq, 'final']));
  expect(rows).toHaveLength(ROWS);
});

test('that one has its numbers whose cells the joiner had, and nothing is left to be taken up', async () => {
  const { cells } = rows.find(({ seq }) => seq === OF_STORE)!;
  expect(Object.values(cells).every(({ outcome }) => outcome === 'ok' || outcome === 'absent')).toBe(true);
  const view = await system.api.submission(id);
  expect(view.reconciled).toEqual({ rows: 2, stuck: 0 });
  expect(countsOf(view)).toEqual(await recount(system.database, id));
});
