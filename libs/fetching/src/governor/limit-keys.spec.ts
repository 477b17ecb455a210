import type { Entry } from './entry-queue.js';
import { leasePermits } from '../permits/lease-permits.js';
import type { PermitState } from '../permits/permit-state.js';
import { windowRule } from '../permits/window-rule.js';
import type { Credential, Order } from './credential.js';
import { LimitKeys, MOST_IN_TROUBLE } from './limit-keys.js';

const rules = [windowRule({ permits: 10, perMs: 60_000, of: 'calls' })];
const open = (credentials: number, given: object = {}) =>
  new LimitKeys<Entry>({ rules, maxKeys: 100, credentials, ...given });

/** Leases so many permits of a credential and spends them. */
function spend(credential: Credential, starts: number, state?: PermitState): PermitState {
  const order = credential.order({ starts: { express: starts, bulk: 0 }, calls: 1, units: 1, queued: 0 });
  const leased = leasePermits(state, rules, { ...order, worker: 'one' }, 0);
  credential.granted(leased.lease, leased.state, 0, 0);
  for (let i = 0; i < starts; i++) credential.use('express', 1);
  return leased.state;
}

test('the key with most left goes first', () => {
  const key = open(3).get('moz', 0);
  spend(key.credentials[0]!, 5);
  spend(key.credentials[2]!, 2);
  expect(key.next('express', 0).index).toBe(1);
  spend(key.credentials[1]!, 4);
  expect(key.next('express', 0).index).toBe(2);
});

test('taking turns by what is left spends all keys evenly', () => {
  const key = open(3).get('moz', 0);
  const states: (PermitState | undefined)[] = [];
  const used = Array.from({ length: 30 }, () => {
    const credential = key.next('express', 0);
    states[credential.index] = spend(credential, 1, states[credential.index]);
    return credential.index;
  });
  for (const index of [0, 1, 2]) expect(used.filter((one) => one === index)).toHaveLength(10);
  expect(key.waitFor('express', 1, 1, 0)).toBeGreaterThan(50_000);
});

test('where none may call now, the one that may soonest is next', () => {
  const key = open(2).get('moz', 0);
  key.credentials[0]!.pausedUntil = 9_000;
  key.credentials[1]!.pausedUntil = 3_000;
  expect(key.next('express', 0).index).toBe(1);
  expect(key.pausedBy(0)).toBe('quota');
  expect(key.pausedBy(4_000)).toBeUndefined();
});

test('more keys, less wait for a queue', () => {
  const wait = (count: number) => open(count).get('moz', 0).waitFor('express', 30, 30, 0);
  expect(wait(1)).toBeGreaterThan(wait(2));
  expect(wait(3)).toBe(0);
});

test('a refused key is refused at every limit key, those to come as well', () => {
  const keys = open(2);
  const first = keys.get('a', 0);
  expect(keys.refuse(first.credentials[0]!, 5_000, 0)).toBe(true);
  expect(keys.get('b', 0).next('express', 0).index).toBe(1);
  expect(keys.refuse(first.credentials[1]!, 6_000, 0)).toBe(false);
  expect(first.pausedBy(0)).toBe('provider_down');
  expect(first.pausedBy(5_500)).toBeUndefined();
});

test('a provider without keys has permits all the same', () => {
  const key = open(0).get('tranco', 0);
  expect(key.credentials).toHaveLength(1);
});

test('idle keys are forgotten, those with permits in hand are not', () => {
  const forgotten: string[] = [];
  const keys = open(1, { maxKeys: 2, forgotten: ({ name }: { name: string }) => forgotten.push(name) });
  const [credential] = keys.get('busy', 0).credentials;
  const order = credential!.order({ starts: { express: 1, bulk: 0 }, calls: 1, units: 1, queued: 1 });
  const { lease, state } = leasePermits(undefined, rules, { ...order, worker: 'one' }, 0);
  credential!.granted(lease, state, 0, 0);
  keys.get('idle', 0);
  keys.get('third', 0);
  expect(forgotten).toEqual(['idle']);
});

test('what a key still has to tell is told when it is looked at, and it is forgotten at the next look', () => {
  const forgotten: string[] = [];
  const told: Order[] = [];
  const keys = open(1, {
    maxKeys: 3,
    forgotten: ({ name }: { name: string }) => forgotten.push(name),
    lease: (_key: unknown, credential: Credential, order: Order) => {
      told.push(order);
      credential.granted(
        { permits: [], nextAt: 0 },
        leasePermits(undefined, rules, { ...order, worker: 'one' }, 0).state,
        0,
        0,
      );
    },
  });
  for (let n = 0; n < 500; n++) {
    const credential = keys.get(`host-${n}`, 0).credentials[0]!;
    if (n % 2) credential.owe(1);
    else credential.startedLate(7);
  }
  expect(keys.size).toBeLessThanOrEqual(4);
  expect(told.length).toBeGreaterThan(490);
  expect(told.every(({ debt, startedAt }) => (debt === 1) === (startedAt === undefined))).toBe(true);
  expect(new Set(forgotten).size).toBe(500 - keys.size);
});

test('keys in trouble are kept up to a bound, those that somebody waits for beyond it', () => {
  const keys = open(1, { maxKeys: 5 });
  keys.get('waited for', 0).inFlight = 1;
  for (let n = 0; n < 500; n++) keys.get(`host-${n}`, 0).blockedUntil = 600_000;
  expect(keys.size).toBe(5 * MOST_IN_TROUBLE);
  expect(keys.get('waited for', 0).inFlight).toBe(1);
});
