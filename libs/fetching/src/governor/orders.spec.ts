import type { Lane } from '@assay/contracts';
import type { LimitWindow } from '@assay/providers';
import { fixture, soleLeases, Wish } from './governor.fixture.js';
import type { LimitKey } from './limit-key.js';

const ONE_A_SECOND: LimitWindow[] = [{ permits: 1, perMs: 1_000, of: 'calls' }];
const FIVE_MINUTES: LimitWindow[] = [{ permits: 300, perMs: 300_000, of: 'calls' }];
/** Of a call, on average. */
const CALL_MS = 300;
const TURN_MS = 10;
/** Of eight places. */
const BULK_PLACES = 6;

interface Ending {
  readonly at: number;
  readonly key: LimitKey<Wish>;
}

/** Many hosts, eight places, calls of 200 to 400 ms, leases that come back a turn of 10 ms later; all counted. */
function manyHosts(limits: LimitWindow[], credentials = 1, mayStartUntil = () => Infinity) {
  const seen = { leases: 0, inFlight: 0, turns: 0, started: [] as string[] };
  const leaseOf = soleLeases(limits);
  const onTheWay: (() => void)[] = [];
  let ending: Ending[] = [];
  let now = 0;
  const { governor, started } = fixture({
    limits,
    credentials,
    mayStartUntil,
    concurrency: 8,
    concurrencyPerKey: 1,
    maxKeys: 5_000,
    lease: (key, credential, order) => {
      const granted = leaseOf(key, credential, order, now);
      if (order.starts.express + order.starts.bulk > 0) seen.leases++;
      onTheWay.push(() => governor.granted(key, credential, granted, now));
    },
  });
  const turn = () => {
    for (const granted of onTheWay.splice(0)) granted();
    for (const { at, key } of ending) if (at <= now) governor.release(key);
    ending = ending.filter(({ at }) => at > now);
    governor.pump(now);
    for (const { key, names } of started.splice(0)) {
      seen.started.push(...names);
      ending.push({ at: now + CALL_MS + (seen.started.length % 11) * 20 - 100, key });
    }
    seen.inFlight += governor.inFlight;
    seen.turns++;
  };
  const run = (ms: number, each?: () => void) => {
    for (const until = now + ms; now < until; now += TURN_MS) {
      each?.();
      turn();
    }
  };
  const offer = (host: string, lane: Lane = 'bulk') =>
    governor.offer(governor.key(host, now), new Wish(host, lane, Infinity, now), now);
  const offerHosts = (count: number, rows = 1) => {
    for (let i = 0; i < count * rows; i++) offer(`host-${i % count}.test`);
  };
  return { governor, offer, offerHosts, run, seen, busy: () => seen.inFlight / seen.turns };
}

test('no more hosts are asked for than will have a place, and the places are full', () => {
  const { offerHosts, run, seen, busy } = manyHosts(ONE_A_SECOND);
  offerHosts(500);
  run(10_000);
  expect(busy()).toBeGreaterThan(0.9 * BULK_PLACES);
  expect(seen.leases).toBeLessThan(1.3 * seen.started.length);
});

test('a host whose permit ran out waits for its next step, not for all that came later', () => {
  const { offerHosts, run, seen } = manyHosts(ONE_A_SECOND);
  offerHosts(300);
  run(20_000);
  const steps = (1_100 * BULK_PLACES) / CALL_MS;
  const late = seen.started.map((host, i) => i - Number(/\d+/.exec(host)![0]));
  expect(seen.started).toHaveLength(300);
  expect(Math.max(...late)).toBeLessThan(4 * steps);
});

test('hosts with permits for more than their one place leave room for others', () => {
  const { offerHosts, run, busy } = manyHosts(FIVE_MINUTES);
  offerHosts(120, 2);
  run(8_000);
  expect(busy()).toBeGreaterThan(0.98 * BULK_PLACES);
});

test.each([
  ['a second', ONE_A_SECOND],
  ['five minutes', FIVE_MINUTES],
])('where limits are of %s, hosts with many pages take turns with those that have few', (_, limits) => {
  const { offerHosts, run, seen } = manyHosts(limits);
  offerHosts(10, 20);
  run(100);
  offerHosts(60);
  run(6_000);
  expect(new Set(seen.started).size).toBe(60);
});

test('beside express that takes all places bulk has its turns', () => {
  const { offer, offerHosts, run, seen } = manyHosts(ONE_A_SECOND);
  let hosts = 0;
  let express = 0;
  const keepsComing = () => {
    while (hosts - express < 12) offer(`person-${hosts++}.test`, 'express');
    express = seen.started.filter((host) => host.startsWith('person')).length;
  };
  run(3_000, keepsComing);
  offerHosts(100);
  run(10_000, keepsComing);
  const bulk = seen.started.length - express;
  expect(bulk).toBeGreaterThan(express / 30);
  expect(express).toBeGreaterThan(5 * bulk);
});

test('express that waits for its next second wants no place before', () => {
  const { offer, offerHosts, run, busy } = manyHosts(ONE_A_SECOND);
  for (let i = 0; i < 120; i++) offer(`person-${i % 12}.test`, 'express');
  offerHosts(300);
  run(8_000);
  expect(busy()).toBeGreaterThan(0.9 * BULK_PLACES);
});

test('hosts that are blocked are not asked for; after that all go', () => {
  const { governor, offerHosts, run, seen } = manyHosts(ONE_A_SECOND);
  offerHosts(60);
  run(TURN_MS);
  for (let i = 0; i < 60; i++) governor.block(governor.key(`host-${i}.test`, 0), 2_000, 'provider_down', 10);
  const before = seen.leases;
  run(1_900);
  expect(seen.leases - before).toBeLessThan(10);
  run(6_000);
  expect(seen.started).toHaveLength(60);
});

test('a process that has no rights any more asks for nothing', () => {
  let until = Infinity;
  const { offerHosts, run, seen } = manyHosts(ONE_A_SECOND, 1, () => until);
  offerHosts(60);
  run(TURN_MS);
  until = 0;
  const before = seen.leases;
  run(2_000);
  expect(seen.leases).toBe(before);
  until = Infinity;
  run(6_000);
  expect(seen.started).toHaveLength(60);
});

test('with several of our keys, one that is refused or used up for now holds nobody up', () => {
  const { governor, offerHosts, run, seen } = manyHosts(ONE_A_SECOND, 2);
  offerHosts(12, 4);
  run(5 * TURN_MS);
  governor.refuse(governor.key('host-0.test', 0).credentials[0]!, 3_000, 50);
  governor.refuse(governor.key('host-0.test', 0).credentials[1]!, 3_000, 50);
  run(15_000);
  expect(seen.started).toHaveLength(48);
});
