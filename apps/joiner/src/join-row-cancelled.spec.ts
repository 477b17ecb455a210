import { ALL, cell, DEADLINE_AT, DUE, FACTS, planOf, run, submitted, T } from './join-row.fixture.js';

test('a row of a cancelled submission is final as it begins; an outcome that comes all the same counts', () => {
  const gone = { ...ALL, cancelled: true } as const;
  const { out, cells } = run([
    [T, submitted(gone)],
    [T, cell('page', { facts: FACTS }, gone)],
  ]);
  expect(out.map((joined) => [joined!.send, joined!.asks])).toEqual([
    ['final', []],
    ['final', []],
  ]);
  expect(cells['page']?.outcome).toBe('ok');
  expect(cells['links']).toEqual({ gen: 0, outcome: 'skipped', detail: 'cancelled', at: T });
});

test('of a retry that is taken up after its submission was cancelled, only what it raised is cancelled', () => {
  const plan = planOf({ page: 0, dns: 0 });
  const times = { dispatchedAt: DEADLINE_AT + 9, round1At: DEADLINE_AT * 2, deadlineAt: DEADLINE_AT * 3 };
  const raised = planOf({ page: 0, dns: 1 }, { ...times, cancelled: true, only: ['dns'] });
  const { out, cells } = run([
    [T, submitted(plan), cell('dns', { outcome: 'failed', detail: 'timeout' }, plan)],
    [DEADLINE_AT, DUE],
    [DEADLINE_AT + 10, submitted(raised)],
  ]);
  expect(out.at(-1)!.send).toBe('final');
  expect(cells).toMatchObject({ page: { detail: 'expired' }, dns: { gen: 1, detail: 'cancelled' } });
});
