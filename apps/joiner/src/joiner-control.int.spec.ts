import type { Metric } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { cell, FACTS } from './join-row.fixture.js';
import { JoinerWorld, refusing } from './joiner.fixture.js';

let world: JoinerWorld;
beforeAll(async () => {
  world = await JoinerWorld.open();
});
afterEach(() => world.stopJoiners());
afterAll(() => world?.close());

test('a row of a cancelled submission is final at once, though its first produce fails', async () => {
  await world.start(refusing(1, 'row.joined'));
  const plan = world.nextPlan();
  await world.publishRow({ ...plan, cancelled: true }, 1, 'bulk');
  await eventually(
    () => world.newest(plan, 1),
    (row) => row?.state === 'final',
  );
  const details = Object.values(world.newest(plan, 1)!.cells).map(({ detail }) => detail);
  expect(details).toEqual(Array(6).fill('cancelled'));
  expect(world.asked.has(`${plan.submission}/1 plain 0`)).toBe(false);
});

test('a retry shows its row again at once, though cut off, asks with the facts it has, and is final again', async () => {
  const plan = world.nextPlan();
  await world.start();
  await world.publishShuffled(plan, 4, 'bulk');
  await eventually(world.allFinal(plan, 4), Boolean, 30_000);
  const before = world.newest(plan, 1)!;
  await world.stopJoiners();
  await world.start(refusing(2));
  world.silent.add(plan.submission);
  const raised = { ...plan, asks: { ...plan.asks, links: 1 }, dispatchedAt: Date.now(), only: [] };
  await world.publishRow(raised, 1, 'bulk');
  const open = await eventually(
    () => world.newest(plan, 1)!,
    ({ version }) => version > before.version,
  );
  expect(open).toMatchObject({ state: 'partial', cells: before.cells });
  expect(open.plan).not.toHaveProperty('only');
  await eventually(() => world.asked.has(`${plan.submission}/1 links 1`), Boolean);
  expect(world.asked.get(`${plan.submission}/1 links 1`)).toEqual(new Set([FACTS.canonicalUrl]));
  const event = cell(
    'links',
    { unit: FACTS.canonicalUrl!, gen: 1, outcome: 'failed', detail: 'server' },
    raised,
  );
  if (event.kind !== 'cell') return;
  const answer: Metric = { v: 1, ask: 'links', plans: [open.plan], cells: [{ ...event.cell, seq: 1 }] };
  await world.publisher.publish('metric.round2', 'bulk', 1, answer);
  const after = await eventually(
    () => world.newest(plan, 1)!,
    ({ version }) => version > open.version,
  );
  expect(after).toMatchObject({ state: 'final', plan: { asks: { links: 1, page: 0 } } });
  expect(after.cells).toEqual({
    ...before.cells,
    links: {
      ...before.cells['links'],
      last: expect.objectContaining({ gen: 1, detail: 'server' }) as unknown,
    },
  });
  expect(
    [...world.asked.keys()].filter((key) => key.startsWith(`${plan.submission}/1`) && key.endsWith(' 1')),
  ).toEqual([`${plan.submission}/1 links 1`]);
});

test('at the deadline the sweep says why, where the state of a limit key tells', async () => {
  const until = new Date(Date.now() + 60_000);
  await world.database.query({
    text: `INSERT INTO provider_state VALUES
      ('dns', 'dns', gen_random_uuid(), 'throttled', NULL, $1, now()),
      ('dns', 'dns', gen_random_uuid(), 'open', NULL, $1, now()),
      ('safe', 'safe', gen_random_uuid(), 'throttled', NULL, $1, now()),
      ('page', 'page', gen_random_uuid(), 'halted', NULL, now() - interval '1 s', now())`,
    values: [until],
  });
  await world.start();
  const plan = world.nextPlan({ round1Ms: 500, deadlineMs: 1_000 }, { page: 0, dns: 0, safe: 0 });
  await world.publishRow(plan, 1, 'express');
  const row = await eventually(
    () => world.newest(plan, 1),
    (seen) => seen?.state === 'final',
  );
  expect(row!.cells).toMatchObject({
    dns: { outcome: 'skipped', detail: 'provider_down', until: until.getTime() },
    safe: { outcome: 'skipped', detail: 'quota', until: until.getTime() },
    page: { outcome: 'skipped', detail: 'expired' },
  });
  await world.database.query({ text: 'DELETE FROM provider_state' });
});
