import { joinRow } from './join-row.js';
import type { RowEvent } from './row-event.js';
import {
  ALL,
  catalogue,
  cell,
  DEADLINE_AT,
  DUE,
  FACTS,
  planOf,
  ROUND1_AT,
  ROW,
  run,
  submitted,
  T,
} from './join-row.fixture.js';

test('an ask without needs goes out with the row, the others once the page has answered', () => {
  const { out } = run([
    [T, submitted()],
    [T, cell('dns')],
    [T, cell('page', { facts: FACTS })],
  ]);
  expect(out.map((joined) => joined!.asks)).toEqual([
    [{ ask: 'plain', gen: 0, unit: ROW.host }],
    [],
    [
      { ask: 'safe.final', gen: 0, unit: FACTS.finalUrl },
      { ask: 'links', gen: 0, unit: FACTS.canonicalUrl },
    ],
  ]);
});

test('url.submitted last: everything that waits goes out with it', () => {
  const { last } = run([
    [T, cell('page', { facts: FACTS })],
    [T, submitted()],
  ]);
  expect(last!.asks.map(({ ask }) => ask)).toEqual(['plain', 'safe.final', 'links']);
});

test('a page without facts: the required ask ends, the preferred one takes the submitted URL', () => {
  const { last, cells } = run([
    [T, submitted()],
    [T + 9, cell('page', { outcome: 'failed', detail: 'timeout' })],
  ]);
  expect(last!.asks).toEqual([{ ask: 'links', gen: 0, unit: ROW.url }]);
  expect(cells['safe.final']).toEqual({ gen: 0, outcome: 'skipped', detail: 'no_fact', at: T + 9 });
});

test('a unit that was asked in round one ends same_unit, but only where that ask was planned', () => {
  const facts = { finalUrl: ROW.url };
  expect(run([[T, submitted(), cell('page', { facts })]]).cells['safe.final']?.detail).toBe('same_unit');
  const plan = planOf({ page: 0, 'safe.final': 0 });
  expect(run([[T, submitted(plan), cell('page', { facts }, plan)]]).last!.asks).toEqual([
    { ask: 'safe.final', gen: 0, unit: ROW.url },
  ]);
});

test('the close of round one shows the row and falls back; nothing is asked twice', () => {
  const { out, cells } = run([
    [T, submitted()],
    [ROUND1_AT, DUE],
    [ROUND1_AT + 1, cell('dns')],
  ]);
  expect(out[1]).toMatchObject({ send: 'partial', asks: [{ ask: 'links', unit: ROW.url }] });
  expect(cells['safe.final']?.detail).toBe('no_fact');
  expect(out[2]!.asks).toEqual([]);
});

test('a sweep that was cut off before its produce sends the same again', () => {
  const { out } = run([
    [T, submitted()],
    [ROUND1_AT, DUE],
    [ROUND1_AT + 1, cell('dns')],
    [ROUND1_AT + 2, DUE],
  ]);
  expect(out[3]).toMatchObject({ send: 'partial', asks: out[1]!.asks });
});

test('a row that messages end owes nothing: what a killed sweep had still to ask was asked by another', () => {
  const plan = planOf({ page: 0, links: 0 });
  const { state, out } = run([
    [T, submitted(plan)],
    [ROUND1_AT, DUE],
    [ROUND1_AT + 1, submitted(plan)],
    [ROUND1_AT + 2, cell('page', {}, plan), cell('links', {}, plan)],
  ]);
  expect(out[1]).toMatchObject({ state: { owed: ['links'] } });
  expect(state).toMatchObject({ final: true });
  expect(state).not.toHaveProperty('owed');
});

test('an ask closed without its fact is asked when the fact comes, never from the deadline on', () => {
  const late = cell('page', { facts: FACTS });
  const begin: [number, ...RowEvent[]][] = [
    [T, submitted()],
    [ROUND1_AT, DUE],
  ];
  expect(run([...begin, [DEADLINE_AT - 1, late]]).last!.asks).toEqual([
    { ask: 'safe.final', gen: 0, unit: FACTS.finalUrl },
    { ask: 'links', gen: 0, unit: ROW.url },
  ]);
  const after = run([...begin, [DEADLINE_AT, DUE], [DEADLINE_AT + 1, late]]);
  expect(after.last).toMatchObject({ asks: [], send: 'final' });
  expect(after.cells['safe.final']?.detail).toBe('no_fact');
  expect(after.cells['page']?.outcome).toBe('ok');
});

test('the deadline ends what has no outcome; a late outcome replaces that', () => {
  const { out, cells } = run([
    [T, submitted(), cell('page', { facts: FACTS })],
    [DEADLINE_AT, DUE],
    [DEADLINE_AT + 1, cell('dns', { outcome: 'failed', detail: 'network', at: T })],
  ]);
  expect(out[1]!.send).toBe('final');
  expect(out[2]!.send).toBe('final');
  expect(out[2]!.state.version).toBe(out[1]!.state.version + 1);
  expect(cells['dns']).toMatchObject({ outcome: 'failed' });
  expect(cells['plain']).toEqual({ gen: 0, outcome: 'skipped', detail: 'expired', at: DEADLINE_AT });
});

test('a sweep that was stopped on its way and goes on after the deadline ends nothing: what came meanwhile lies unread', () => {
  const stopped: RowEvent = { kind: 'due', at: ROUND1_AT + 1, troubles: new Map() };
  const { out } = run([
    [T, submitted(planOf({ dns: 0 }))],
    [DEADLINE_AT + 600_000, stopped],
    [DEADLINE_AT + 600_001, cell('dns', {}, planOf({ dns: 0 }))],
  ]);
  expect(out[1]).toMatchObject({ send: 'partial', state: { final: false, ended: {} } });
  expect(out[2]).toMatchObject({ send: 'final', state: { cells: { dns: { outcome: 'ok' } }, ended: {} } });
});

test('nor does a sweep that looked before round one closed fall back, or end for want of a fact', () => {
  const early: RowEvent = { kind: 'due', at: ROUND1_AT - 1, troubles: new Map() };
  const { out } = run([
    [T, submitted()],
    [ROUND1_AT + 1, early],
    [ROUND1_AT + 2, cell('page', { facts: FACTS })],
  ]);
  expect(out[1]).toMatchObject({ asks: [], state: { ended: {} } });
  expect(out[2]!.asks.map(({ unit }) => unit).sort()).toEqual([FACTS.canonicalUrl, FACTS.finalUrl]);
});

test('a message that is read after the close of round one closes nothing: the fact may lie unread', () => {
  const { out, cells } = run([
    [ROUND1_AT + 600, submitted()],
    [ROUND1_AT + 601, cell('dns')],
    [ROUND1_AT + 602, cell('page', { facts: FACTS })],
  ]);
  expect(out[0]!.asks.map(({ ask }) => ask)).toEqual(['plain']);
  expect(out[2]!.asks.map(({ unit }) => unit).sort()).toEqual([FACTS.canonicalUrl, FACTS.finalUrl]);
  expect(cells).not.toHaveProperty(['safe.final']);
});

test('cells about another unit than the one asked are ignored', () => {
  const begin: [number, ...RowEvent[]] = [T, submitted(), cell('page', { facts: FACTS })];
  const foreign = cell('links', { unit: 'http://foreign.example/' });
  expect(run([begin, [T, foreign]]).cells['links']).toBeUndefined();
  expect(run([begin, [T, cell('links', { unit: FACTS.canonicalUrl! })]]).cells['links']).toBeDefined();
});

test('a final row stays final while an ask that had no fact is asked after all', () => {
  const plan = planOf({ page: 0, 'safe.final': 0 });
  const { out, cells } = run([
    [T, submitted(plan), cell('page', { outcome: 'failed', detail: 'network' }, plan)],
    [T + 1, cell('page', { facts: FACTS }, plan)],
    [T + 2, cell('safe.final', { unit: FACTS.finalUrl! }, plan)],
  ]);
  expect(out.map((joined) => joined!.send)).toEqual(['final', 'final', 'final']);
  expect(out[1]!.asks).toEqual([{ ask: 'safe.final', gen: 0, unit: FACTS.finalUrl }]);
  expect(cells['safe.final']?.outcome).toBe('ok');
});

test('a message written after deadline and grace begins no row but amends one', () => {
  const late = DEADLINE_AT + 60_001;
  expect(run([[late, cell('dns', {}, ALL, late)]]).state).toBeUndefined();
  expect(run([[late, cell('dns', {}, ALL, late - 1)]]).state).toBeDefined();
  expect(
    run([
      [T, submitted()],
      [late, cell('dns', {}, ALL, late)],
    ]).cells['dns'],
  ).toBeDefined();
});

test('a retry opens the row again, asks its gen, and keeps the old value beside a new failure', () => {
  const plan = planOf({ page: 0, plain: 0 });
  const retry = planOf({ page: 0, plain: 1 }, { dispatchedAt: T + 5_000, deadlineAt: DEADLINE_AT + 5_000 });
  const unit = ROW.host;
  const { out, cells } = run([
    [T, submitted(plan), cell('page', { facts: FACTS }, plan)],
    [T, cell('plain', { unit }, plan)],
    [T + 5_000, submitted(retry)],
    [T + 5_100, cell('plain', { unit, gen: 1, outcome: 'failed', detail: 'server', at: T + 5_100 }, retry)],
  ]);
  expect(out.map((joined) => joined!.state.final)).toEqual([false, true, false, true]);
  expect(out[2]!.asks).toEqual([{ ask: 'plain', gen: 1, unit }]);
  expect(cells['plain']).toMatchObject({ gen: 0, outcome: 'ok', last: { gen: 1, detail: 'server' } });
});

test('a retry shows its row at once on both lanes, and again where it is read again', () => {
  const plan = planOf({ page: 0, dns: 0 });
  const raised = planOf({ page: 0, dns: 1 }, { dispatchedAt: T + 5_000, only: ['dns'] });
  for (const lane of ['express', 'bulk'] as const) {
    const { out } = run(
      [
        [T, submitted(plan), cell('page', {}, plan), cell('dns', {}, plan)],
        [T + 5_000, submitted(raised)],
        [T + 5_001, submitted(raised)],
        [T + 5_002, cell('dns', { gen: 1 }, raised)],
      ],
      lane,
    );
    expect(out.map((joined) => joined!.send)).toEqual(['final', 'partial', 'partial', 'final']);
    expect(out[2]!.state.version).toBe(out[1]!.state.version);
  }
});

test('a retry of round two alone goes out with the fact that is known, though its finder is not asked again', () => {
  const plan = planOf({ page: 0, links: 0 });
  const raised = planOf({ page: 0, links: 1 }, { dispatchedAt: T + 5_000, only: [] });
  const { last } = run([
    [T, submitted(plan), cell('page', { facts: FACTS }, plan)],
    [T, cell('links', { outcome: 'failed', detail: 'server', unit: FACTS.canonicalUrl! }, plan)],
    [T + 5_000, submitted(raised)],
  ]);
  expect(last!.asks).toEqual([{ ask: 'links', gen: 1, unit: FACTS.canonicalUrl }]);
});

test('a retry does not wait for a finder whose time was over, nor ask what it did not raise', () => {
  const plan = planOf({ page: 0, dns: 0, links: 0, 'safe.final': 0 });
  const times = { dispatchedAt: DEADLINE_AT + 9, round1At: DEADLINE_AT * 2, deadlineAt: DEADLINE_AT * 3 };
  const raised = planOf({ page: 0, dns: 0, links: 1, 'safe.final': 0 }, { ...times, only: [] });
  const { last, out } = run([
    [T, submitted(plan), cell('dns', {}, plan)],
    [DEADLINE_AT, DUE],
    [DEADLINE_AT + 10, submitted(raised)],
    [DEADLINE_AT + 20, cell('page', { facts: FACTS }, plan), submitted(plan)],
  ]);
  expect(out[2]!.asks).toEqual([{ ask: 'links', gen: 1, unit: ROW.url }]);
  expect(last!.asks).toEqual([{ ask: 'links', gen: 1, unit: ROW.url }]);
});

test('an older answer beside a failure is shown as the value, until there is a real one', () => {
  const older = { outcome: 'ok' as const, answer: 'old', at: T - 9 };
  const failed = cell('dns', { outcome: 'failed', detail: 'timeout', older });
  expect(run([[T, submitted(), failed]]).cells['dns']).toEqual({
    ...older,
    gen: 0,
    stale: true,
    last: { gen: 0, outcome: 'failed', detail: 'timeout', at: T + 50 },
  });
  const { cells } = run([[T, submitted(), failed, cell('dns', { outcome: 'absent', gen: 1 })]]);
  expect(cells['dns']).not.toHaveProperty('stale');
  expect(cells['dns']).toMatchObject({ outcome: 'absent', gen: 1 });
});

test('express rows are shown once a second, bulk rows only when round one closes', () => {
  const steps: [number, ...RowEvent[]][] = [
    [T, submitted()],
    [T + 500, cell('dns')],
    [T + 1_200, cell('page', { facts: FACTS })],
    [T + 1_300, cell('safe')],
  ];
  expect(run(steps, 'express').out.map((joined) => joined!.send)).toEqual([
    undefined,
    undefined,
    'partial',
    undefined,
  ]);
  expect(run(steps).out.map((joined) => joined!.send)).toEqual([undefined, undefined, undefined, undefined]);
});

test('a duplicate changes nothing, not even the object', () => {
  const first = run([[T, submitted(), cell('page', { facts: FACTS })]]);
  const again = joinRow(first.state, [submitted(), cell('page', { facts: FACTS })], {
    catalogue,
    lane: 'bulk',
    now: T + 1,
  });
  expect(again!.state).toBe(first.state);
  expect(again!.asks).toEqual(first.last!.asks);
});
