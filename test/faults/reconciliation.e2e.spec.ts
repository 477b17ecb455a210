import type { RowView, SubmissionView } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { countsOf, recount } from '../harness/recount.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { loseRows } from './lost-rows.js';
import { testUrls } from './test-urls.js';

/** Nothing is missing for want of time, on however slow a machine. */
const PATIENT = { patienceMs: '100000', round1Ms: '100000', deadlineMs: '110000' };
const ROWS = 60;
const LOST = [3, 20, 59];
let system: TestSystem;
let id: string;
let before: RowView[];

beforeAll(async () => {
  system = await startSystem({
    environment: { EXPRESS_GRACE_MS: '1000', RECONCILE_POLL_MS: '200' },
  });
  ({ id } = await system.api.submit(testUrls('lost', ROWS, 40), PATIENT));
  await system.api.finished(id, 120_000);
  before = await system.api.rows(id);
}, 180_000);
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
  await loseRows(system.database, { submission: id, seqs: LOST, pendingToo: false });
  expect((await system.api.submission(id)).rows.final).toBe(ROWS - LOST.length);
  expect(await whole()).toMatchObject({ reconciled: { rows: LOST.length, stuck: 0 } });
  expect([await takes(), await system.simulator.counts()]).toEqual([1, asked]);
});

/** What a row's own page decides, however often it is asked; other failures are what a loaded machine makes. */
const DECIDED = new Set(['same_unit', 'no_fact', 'unsupported', 'robots']);

/** Rows that get the same when they are asked again. */
function measured(): number[] {
  const decided = (row: RowView) =>
    Object.values(row.cells).every(
      ({ outcome, detail = '' }) => outcome === 'ok' || outcome === 'absent' || DECIDED.has(detail),
    );
  return before.filter(decided).map(({ seq }) => seq);
}

test('rows that the joiner has forgotten too begin anew, and nothing that is known is asked again', async () => {
  const asked = await system.simulator.counts();
  const seqs = measured().slice(0, 2);
  expect(seqs).toHaveLength(2);
  await loseRows(system.database, { submission: id, seqs, pendingToo: true });
  const { reconciled } = await whole();
  expect(reconciled).toEqual({ rows: new Set([...LOST, ...seqs]).size, stuck: 0 });
  expect([await takes(), await system.simulator.counts()]).toEqual([2, asked]);
  await eventually(series, ([rows]) => Number(rows!.split(' ')[1]) === reconciled.rows);
});
