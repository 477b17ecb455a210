import { eventually, refuseWrites } from '@assay/testing';
import { flushRows, type RowWork } from './flush-rows.js';
import { catalogue, cell, FACTS, ROW, submitted, T } from './join-row.fixture.js';
import { JoinerWorld, refusing } from './joiner.fixture.js';
import { readRows } from './pending-rows.js';
import { RowCache } from './row-cache.js';

let world: JoinerWorld;
beforeAll(async () => {
  world = await JoinerWorld.open();
});
afterEach(() => world.stopJoiners());
afterAll(() => world?.close());

test('twice, shuffled, and cut off between commit and produce: every row ends whole, asked once', async () => {
  const plan = world.nextPlan();
  await world.start(refusing(25));
  await world.publishShuffled(plan, 80, 'bulk');
  await eventually(world.allFinal(plan, 80), Boolean, 30_000);
  for (let seq = 0; seq < 80; seq++) {
    const row = world.newest(plan, seq)!;
    expect(row).toMatchObject({ ...ROW, plan: { submission: plan.submission } });
    expect(Object.values(row.cells).map(({ outcome }) => outcome)).toEqual(Array(6).fill('ok'));
    expect(world.asked.get(`${plan.submission}/${seq} safe.final 0`)).toEqual(new Set([FACTS.finalUrl]));
    expect(world.asked.get(`${plan.submission}/${seq} links 0`)).toEqual(new Set([FACTS.canonicalUrl]));
    const views = new Map(
      world.joined.get(`${plan.submission}/${seq}`)!.map((one) => [one.version, one.cells]),
    );
    for (const one of world.joined.get(`${plan.submission}/${seq}`)!)
      expect(one.cells).toEqual(views.get(one.version));
  }
  expect(world.misplaced).toEqual([]);
  expect(await world.unfinished(plan)).toBe(0);
});

test('a joiner that dies after its commit leaves its offsets: the next one sends what was owed', async () => {
  const plan = world.nextPlan();
  await world.start(refusing(Infinity));
  await world.publishShuffled(plan, 20, 'bulk');
  await eventually(
    () =>
      world.database.query<{ n: number }>({
        text: 'SELECT count(*)::int AS n FROM pending_row WHERE submission = $1',
        values: [plan.submission],
      }),
    ({ rows }) => rows[0]!.n === 20,
  );
  await world.stopJoiners();
  expect(world.newest(plan, 0)).toBeUndefined();
  await world.start();
  await eventually(world.allFinal(plan, 20), Boolean, 30_000);
});

test('with the disk of PostgreSQL full rows wait, and go on by themselves when there is room again', async () => {
  await world.start();
  const plan = world.nextPlan();
  const full = await refuseWrites(world.database, 'pending_row');
  await world.publishShuffled(plan, 20, 'bulk');
  await eventually(full.count, (count) => count >= 3);
  expect(world.newest(plan, 0)).toBeUndefined();
  await full.end();
  await eventually(world.allFinal(plan, 20), Boolean, 40_000);
});

test('the sweep closes round one, then the row, in time, though its first produce fails', async () => {
  await world.start(refusing(3, 'row.joined'));
  const plan = world.nextPlan({ round1Ms: 1_500, deadlineMs: 3_000 });
  world.silent.add(plan.submission);
  await Promise.all([world.publishRow(plan, 1, 'express'), world.publishCell(plan, 1, 'dns', 'express')]);
  await eventually(() => world.asked.has(`${plan.submission}/1 links 0`), Boolean);
  expect(world.asked.get(`${plan.submission}/1 links 0`)).toEqual(new Set([ROW.url]));
  expect(Date.now()).toBeGreaterThanOrEqual(plan.round1At);
  const row = await eventually(
    () => world.newest(plan, 1),
    (seen) => seen?.state === 'final',
  );
  expect(Date.now()).toBeLessThan(plan.deadlineAt + 3_000);
  expect(Object.entries(row!.cells).map(([ask, { detail }]) => [ask, detail])).toEqual(
    expect.arrayContaining([
      ['safe.final', 'no_fact'],
      ['page', 'expired'],
      ['links', 'expired'],
    ]),
  );
  await eventually(
    () => world.unfinished(plan),
    (n) => n === 0,
  );
  await world.publishCell(plan, 1, 'page', 'express');
  const amended = await eventually(
    () => world.newest(plan, 1),
    (seen) => seen!.version > row!.version,
  );
  expect(amended).toMatchObject({ state: 'final', cells: { page: { outcome: 'ok' } } });
});

test('two joiners on the same rows lose nothing of each other', async () => {
  const plan = world.nextPlan();
  const id = { submission: plan.submission, partition: 0 };
  const works = ['page', 'dns', 'safe', 'plain'].map((ask) =>
    Array.from({ length: 40 }, (_, seq): RowWork[] => {
      const unit = ask === 'plain' ? ROW.host : ROW.url;
      return [
        { ...id, seq, event: submitted(plan) },
        { ...id, seq, event: cell(ask, { unit, facts: FACTS }, plan) },
      ];
    }).flat(),
  );
  const quiet = { publish: () => Promise.resolve() };
  await Promise.all(
    works.map((work) =>
      flushRows(work, {
        lane: 'bulk',
        database: world.database,
        publisher: quiet,
        catalogue,
        cache: new RowCache({ rows: 9, bytes: 1e6 }),
        clock: () => T,
      }),
    ),
  );
  const ids = Array.from({ length: 40 }, (_, seq) => ({ submission: plan.submission, seq }));
  const rows = await readRows(world.database, ids);
  expect(rows.size).toBe(40);
  for (const { state, revision } of rows.values()) {
    expect(Object.keys(state.cells).sort()).toEqual(['dns', 'page', 'plain', 'safe']);
    expect(revision).toBe(4);
  }
});
