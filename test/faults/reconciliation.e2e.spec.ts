import type { RowView, SubmissionView } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { countsOf, recount } from '../harness/recount.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { loseRows } from './lost-rows.js';
import { testUrls } from './test-urls.js';

const ROWS = 120;
let system: TestSystem;
let id: string;
let before: RowView[];

beforeAll(async () => {
  system = await startSystem({
    environment: {
      EXPRESS_ROUND1_MS: '12000',
      EXPRESS_DEADLINE_MS: '14000',
      EXPRESS_GRACE_MS: '4000',
      RECONCILE_POLL_MS: '200',
    },
  });
  ({ id } = await system.api.submit(testUrls('lost', ROWS, 40)));
  await system.api.finished(id, 30_000);
  before = await system.api.rows(id);
}, 90_000);
afterAll(() => system?.stop());

const series = async () =>
  (await (await fetch(`${system.api.address}/metrics`)).text())
    .split('\n')
    .filter((line) => /^assay_(reconciled|stuck)_rows/.test(line));

const values = (rows: readonly RowView[]) =>
  rows.map(({ seq, url, state, cells }) => [
    ...[seq, url, state],
    Object.entries(cells)
      .map(([ask, { outcome, detail, numbers }]) => [ask, outcome, detail, numbers])
      .sort(),
  ]);

async function takes(): Promise<number> {
  const { rows } = await system.database.query<{ takes: number }>(
    'SELECT max(takes)::int AS takes FROM dispatch WHERE submission = $1',
    [id],
  );
  return rows[0]!.takes;
}

async function whole(): Promise<SubmissionView> {
  const view = await system.api.finished(id, 60_000);
  expect(values(await system.api.rows(id))).toEqual(values(before));
  expect(countsOf(view)).toEqual(await recount(system.database, id));
  return view;
}

test('a quiet run takes nothing up', async () => {
  expect((await system.api.submission(id)).reconciled).toEqual({ rows: 0, stuck: 0 });
  expect(await series()).toEqual(['assay_reconciled_rows_total 0', 'assay_stuck_rows 0']);
});

test('rows that the store never got come back from the joiner, and nobody is asked', async () => {
  const asked = await system.simulator.counts();
  await loseRows(system.database, { submission: id, seqs: [3, 50, 99], pendingToo: false });
  expect((await system.api.submission(id)).rows.final).toBe(ROWS - 3);
  expect(await whole()).toMatchObject({ reconciled: { rows: 3, stuck: 0 } });
  expect([await takes(), await system.simulator.counts()]).toEqual([1, asked]);
});

test('rows that the joiner has forgotten too begin anew, and nothing is bought twice', async () => {
  await loseRows(system.database, { submission: id, seqs: [7, 51], pendingToo: true });
  expect(await whole()).toMatchObject({ reconciled: { rows: 5, stuck: 0 } });
  expect(await takes()).toBe(2);
  for (const [provider, { repeatedUnits }] of Object.entries(await system.simulator.counts()))
    expect([provider, repeatedUnits]).toEqual([provider, 0]);
  await eventually(series, (lines) => lines.join() === 'assay_reconciled_rows_total 5,assay_stuck_rows 0');
});
