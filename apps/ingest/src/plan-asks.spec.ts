import type { Provider } from '@assay/providers';
import { planAsks, roundOneAsks } from './plan-asks.js';

const provider = (id: string, asks: unknown[], env?: string) =>
  ({ id, auth: env ? { kind: 'key', env, signUp: '' } : { kind: 'none' }, asks }) as unknown as Provider;

const page = provider('page', [{ id: 'page', round: 1 }]);
const safe = provider('safe', [
  { id: 'safe', round: 1 },
  { id: 'safe.final', round: 2, needs: { fact: 'finalUrl', from: 'page', need: 'required' } },
]);
const moz = provider(
  'moz',
  [{ id: 'moz.url', round: 2, needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' } }],
  'MOZ_TOKEN',
);
const known = [page, safe, moz];

test('all asks of all providers that are on, both rounds', () => {
  expect(planAsks({ enabled: [page, safe], known })).toEqual({
    ok: true,
    asks: ['page', 'safe', 'safe.final'],
  });
});

test('an ask whose required fact nobody finds is not planned; a preferred one has its fallback', () => {
  expect(planAsks({ enabled: known, known, wanted: ['safe', 'moz'] })).toEqual({
    ok: true,
    asks: ['safe', 'moz.url'],
  });
});

test.each([
  [['nope'], /no provider "nope".*page, safe/],
  [['page', 'moz'], /"moz" is not switched on. Set MOZ_TOKEN/],
])('%j is refused', (wanted, reason) => {
  const plan = planAsks({ enabled: [page, safe], known, wanted });
  expect(plan.ok ? 'planned' : plan.reason).toMatch(reason);
});

test('nothing to ask is told', () => {
  expect(planAsks({ enabled: [], known })).toMatchObject({ ok: false });
});

test('the header names round one only', () => {
  const rounds: Record<string, number> = { page: 1, 'safe.final': 2 };
  expect(roundOneAsks(['page', 'safe.final', 'gone'], (ask) => rounds[ask])).toEqual(['page']);
});
