import { leasePermits } from '../permits/lease-permits.js';
import type { PermitState } from '../permits/permit-state.js';
import { windowRule } from '../permits/window-rule.js';
import { fixture, Wish } from './governor.fixture.js';
import type { GovernorSettings } from './governor-settings.js';

const ONE_A_SECOND = [{ permits: 1, perMs: 1_000, of: 'calls' as const }];
const HOSTS = 500;
/** Of a call, on average. */
const CALL_MS = 300;

/** Hosts with a page each, eight places of which bulk has six, calls of 200 to 400 ms; leases counted. */
function manyHosts() {
  const leased = { orders: 0, permits: 0 };
  const states = new Map<string, PermitState>();
  const rules = ONE_A_SECOND.map((limit) => windowRule(limit));
  let now = 0;
  let calls = 0;
  const lease: GovernorSettings<Wish>['lease'] = (key, credential, order) => {
    const given = leasePermits(states.get(key.name), rules, { ...order, worker: 'one' }, now);
    states.set(key.name, given.state);
    leased.orders++;
    leased.permits += given.lease.permits.length;
    onTheWay.push(() => governor.granted(key, credential, { ...given, ahead: 0 }, now));
  };
  const onTheWay: (() => void)[] = [];
  const { governor, started, offer } = fixture({
    limits: ONE_A_SECOND,
    concurrency: 8,
    concurrencyPerKey: 1,
    maxKeys: 2 * HOSTS,
    lease,
  });
  /** Ten ms: what ended gives its place back, leases come back one turn later. */
  const turn = (at: number) => {
    now = at;
    for (const granted of onTheWay.splice(0)) granted();
    for (const { key } of started.splice(0))
      ending.push({ at: now + CALL_MS + (calls++ % 11) * 20 - 100, key });
    for (const ended of ending.filter((one) => one.at <= now)) governor.release(ended.key);
    ending = ending.filter((one) => one.at > now);
    governor.pump(now);
  };
  let ending: { at: number; key: (typeof started)[number]['key'] }[] = [];
  return { governor, offer, turn, leased, inFlight: () => governor.inFlight };
}

test('no more hosts are asked for than will have a place, and the places are full', () => {
  const { offer, turn, leased, inFlight } = manyHosts();
  for (let i = 0; i < HOSTS; i++) offer(new Wish('x'), `host-${i}.test`);
  const seen: number[] = [];
  for (let at = 0; at < 10_000; at += 10) {
    turn(at);
    seen.push(inFlight());
  }
  const busy = seen.slice(10).reduce((sum, n) => sum + n, 0) / (seen.length - 10);
  expect(busy).toBeGreaterThan(0.9 * 6);
  expect(leased.permits).toBeLessThan(1.3 * (10_000 / CALL_MS) * 6);
});
