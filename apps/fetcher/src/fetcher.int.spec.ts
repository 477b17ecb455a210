import type { Provider } from '@assay/providers';
import { eventually, refuseWrites } from '@assay/testing';
import { FetcherFixture, newPlan, PARTITIONS, sized } from './fetcher.fixture.js';

/** The same sizes, for money. */
const priced: Provider = {
  ...sized,
  id: 'priced',
  asks: [{ id: 'priced', surface: 'priced', round: 1, unit: 'host' }],
  price: { perCallMicroUsd: 1_000 },
};
let fixture: FetcherFixture;

beforeAll(async () => {
  fixture = await FetcherFixture.start();
  await fixture.fetcher({ providers: [sized, priced] });
});
afterAll(() => fixture?.stop());
beforeEach(() => fixture.forget());

test('rows become cells on their own partition and lane, hosts are asked once, answers are stored first', async () => {
  const plan = newPlan();
  await Promise.all(
    Array.from({ length: 200 }, (_, seq) =>
      fixture.submit(plan, seq, `host${seq % 10}.test`, seq % 2 ? 'bulk' : 'express'),
    ),
  );
  const got = await eventually(
    () => fixture.cellsOf(plan),
    ({ length }) => length >= 200,
  );
  expect(got.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 200 }, (_, seq) => seq),
  );
  for (const { seq, context, ask, unit, outcome, facts } of got) {
    expect(context).toMatchObject({ partition: seq % PARTITIONS, lane: seq % 2 ? 'bulk' : 'express' });
    expect({ ask, unit, outcome, facts }).toEqual({
      ask: 'sized.host',
      unit: `host${seq % 10}.test`,
      outcome: 'ok',
      facts: { finalHost: `www.host${seq % 10}.test` },
    });
  }
  expect(fixture.askedHosts).toHaveLength(10);
  const ids = [...new Set(got.map(({ answer }) => answer))];
  const { rows } = await fixture.database.query({
    text: 'SELECT id FROM answer WHERE id = ANY($1::uuid[])',
    values: [ids],
  });
  expect(rows).toHaveLength(10);
  expect(fixture.seen.length).toBeLessThan(200);
});

test('a replay asks nothing again and points at the same answers', async () => {
  const plan = newPlan({ maxAgeMs: 0 });
  await fixture.submit(plan, 1, 'replayed.test');
  const [first] = await eventually(
    () => fixture.cellsOf(plan),
    ({ length }) => length === 1,
  );
  await fixture.submit(plan, 1, 'replayed.test');
  const both = await eventually(
    () => fixture.cellsOf(plan),
    ({ length }) => length === 2,
  );
  expect(both[1]!.answer).toBe(first!.answer);
  expect(fixture.askedHosts).toEqual(['replayed.test']);
});

test('round two asks about the unit it is given, and leaves the asks of others alone', async () => {
  const plan = newPlan();
  const row = { plan: 0, seq: 7, url: 'https://a.test/', host: 'a.test', domain: 'a.test' };
  const asks = [
    { ask: 'sized.final', gen: 2, unit: 'final.test' },
    { ask: 'other', gen: 0, unit: 'x' },
  ];
  await fixture.publisher.publish(
    'round2.requested',
    'bulk',
    3,
    { v: 1, plans: [plan], rows: [{ ...row, asks }] },
    ['sized.final', 'other'],
  );
  const [cell] = await eventually(
    () => fixture.cellsOf(plan),
    ({ length }) => length === 1,
  );
  expect(cell).toMatchObject({ ask: 'sized.final', gen: 2, seq: 7, unit: 'final.test', outcome: 'ok' });
  expect(cell!.context).toMatchObject({ message: 'metric.round2', partition: 3, lane: 'bulk' });
});

test('a row that comes too late is skipped(expired) without a call; one of other providers is not answered', async () => {
  const late = newPlan({ round1At: Date.now() + 1_000 });
  await fixture.submit(newPlan({ asks: { other: 0 } }), 0, 'foreign.test');
  await fixture.submit(late, 0, 'late.test');
  const [cell] = await eventually(
    () => fixture.cellsOf(late),
    ({ length }) => length === 1,
  );
  expect(cell).toMatchObject({ outcome: 'skipped', detail: 'expired' });
  expect(fixture.askedHosts).toEqual([]);
  expect(fixture.cells()).toHaveLength(1);
});

test('rows with the longest URLs fit into messages', async () => {
  const plan = newPlan();
  const asks = (seq: number) => [{ ask: 'sized.final', gen: 0, unit: `${'u'.repeat(8_000)}${seq}` }];
  await Promise.all(
    Array.from({ length: 100 }, (_, seq) => {
      const row = {
        plan: 0,
        seq,
        url: `https://a.test/${'u'.repeat(8_000)}`,
        host: 'a.test',
        domain: 'a.test',
      };
      return fixture.publisher.publish(
        'round2.requested',
        'bulk',
        0,
        { v: 1, plans: [plan], rows: [{ ...row, asks: asks(seq) }] },
        ['sized.final'],
      );
    }),
  );
  const got = await eventually(
    () => fixture.cellsOf(plan),
    ({ length }) => length === 100,
  );
  expect(new Set(got.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
});

test('answers that a full disk refuses are waited for: cells come late, what was bought is bought once', async () => {
  const plan = newPlan({ asks: { 'sized.host': 0, priced: 0 } });
  const full = await refuseWrites(fixture.database, 'answer');
  for (let seq = 0; seq < 5; seq++) await fixture.submit(plan, seq, `full${seq}.test`);
  await eventually(full.count, (count) => count >= 10);
  expect(fixture.cellsOf(plan)).toEqual([]);
  await full.end();
  const got = await eventually(
    () => fixture.cellsOf(plan),
    ({ length }) => length >= 10,
    40_000,
  );
  expect(new Set(got.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
  // Each host once for the free ask, once for the priced one.
  expect(fixture.askedHosts.sort()).toEqual(
    Array.from({ length: 10 }, (_, i) => `full${Math.floor(i / 2)}.test`),
  );
  const { rows } = await fixture.database.query({
    text: `SELECT class, count(*)::int AS calls FROM call WHERE provider = 'priced' GROUP BY class`,
  });
  expect(rows).toEqual([{ class: 'ok', calls: 5 }]);
});

test('a provider that is down says so, in cells and in its state', async () => {
  fixture.status = 500;
  const plan = newPlan();
  for (let seq = 0; seq < 60; seq++) await fixture.submit(plan, seq, `down${seq}.test`);
  const got = await eventually(
    () => fixture.cellsOf(plan),
    ({ length }) => length === 60,
  );
  const details = new Set(got.map(({ outcome, detail }) => `${outcome} ${detail}`));
  expect(details).toEqual(new Set(['failed server', 'skipped provider_down']));
  expect(fixture.askedHosts.length).toBeLessThan(60);
  const states = await eventually(
    async () =>
      (await fixture.database.query({ text: 'SELECT provider, limit_key, state FROM provider_state' })).rows,
    ({ length }) => length > 0,
  );
  expect(states).toEqual([{ provider: 'sized', limit_key: 'sized', state: 'open' }]);
});
