import type { Plan } from '@assay/contracts';
import { planOfRow } from './dispatch-plan.js';

const plan: Plan = {
  submission: '01900000-0000-7000-8000-000000000000',
  asks: { page: 0, dns: 0, links: 0 },
  dispatchedAt: 1_000,
  round1At: 21_000,
  deadlineAt: 61_000,
  graceMs: 60_000,
  patienceMs: 5_000,
};
const roundOne = (asks: readonly string[]) => asks.filter((ask) => ask !== 'links');

test('a row that is asked everything goes to the fetchers of round one', () => {
  expect(planOfRow({ gen: 0, plan }, roundOne)({})).toEqual({ plan, asks: ['page', 'dns'] });
});

test('a retry raises the asks of each row, and fetchers ask no others', () => {
  const planOf = planOfRow({ gen: 3, plan }, roundOne);
  expect(planOf({ asks: ['dns', 'links'] })).toEqual({
    plan: { ...plan, asks: { page: 0, dns: 3, links: 3 }, only: ['dns'] },
    asks: ['dns'],
  });
  expect(planOf({ asks: ['dns', 'links'] }).plan).toBe(planOf({ asks: ['dns', 'links'] }).plan);
  expect(planOf({ asks: ['dns'] }).plan.asks).toEqual({ page: 0, dns: 3, links: 0 });
});

test('what a retry only raises with another keeps the time of the list; what it is about counts from now', () => {
  const planOf = planOfRow({ gen: 1, plan, listFreshFrom: 400 }, roundOne);
  const freshFromOf = (matched?: string[]) =>
    planOf({ asks: ['links', 'page'], ...(matched && { matched }) }).plan.freshFromOf;
  expect(freshFromOf(['page'])).toEqual({ links: 400 });
  expect(freshFromOf(['links', 'page'])).toBeUndefined();
  expect(freshFromOf()).toBeUndefined();
  expect(planOfRow({ gen: 1, plan }, roundOne)({ asks: ['links'], matched: [] }).plan).not.toHaveProperty(
    'freshFromOf',
  );
});

test('a retry of round two alone, and a cancelled row, go to no fetcher', () => {
  const second = planOfRow({ gen: 1, plan }, roundOne)({ asks: ['links'] });
  expect([second.asks, second.plan.only]).toEqual([[], []]);
  const cancelled: Plan = { ...plan, cancelled: true };
  expect(planOfRow({ gen: 0, plan: cancelled }, roundOne)({})).toEqual({ plan: cancelled, asks: [] });
  const retry = planOfRow({ gen: 1, plan: cancelled }, roundOne)({ asks: ['dns'] });
  expect(retry).toMatchObject({
    asks: [],
    plan: { cancelled: true, only: ['dns'], asks: { page: 0, dns: 1 } },
  });
});
