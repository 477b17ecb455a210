import { fixture, Wish } from './governor.fixture.js';
import type { LimitKey } from './limit-key.js';

const ONE_A_SECOND = [{ permits: 1, perMs: 1_000, of: 'calls' as const }];

test('express goes first, bulk gets one of nine', () => {
  const { wishes, advance, names } = fixture();
  wishes('a'.repeat(20), 'bulk');
  wishes('X'.repeat(20), 'express');
  advance(0);
  expect(names()).toBe('XXXXXXXXaXXXXXXXXaXXXXaaaaaaaaaaaaaaaaaa');
});

test('bulk leaves a quarter of the places to express, and still gets its turn', () => {
  const { wishes, names, advance } = fixture({ concurrency: 8 });
  wishes('abcdefghij', 'bulk');
  advance(0);
  expect(names()).toBe('abcdef');
  wishes('XYZ', 'express');
  advance(1);
  expect(names()).toBe('abcdefXY');
  const constant = fixture({ concurrency: 16 });
  constant.wishes('X'.repeat(20), 'express');
  constant.wishes('ab', 'bulk');
  constant.advance(0);
  expect(constant.names()).toBe('XXXXXXXXaXXXXXXX');
});

test('while bulk gives way it has a tenth of the places, and all of its own once that is over', () => {
  let until = 0;
  let came = 0;
  const giveWay = { expressCame: () => void came++, until: () => until };
  const { wishes, names, advance } = fixture({ concurrency: 20, giveWay });
  until = 100;
  wishes('abcde', 'bulk');
  wishes('X', 'express');
  expect(came).toBe(1);
  advance(0);
  expect(names()).toBe('Xa');
  advance(99);
  expect(names()).toBe('Xa');
  advance(100);
  expect(names()).toBe('Xabcde');
});

test('a batch takes what waits of both lanes, and lingers only until it is full or its time is up', () => {
  const { wishes, advance, started } = fixture({ batch: { size: 4, lingerMs: { express: 30, bulk: 30 } } });
  wishes('ab', 'bulk');
  advance(29);
  expect(started).toHaveLength(0);
  wishes('XY', 'express');
  advance(29);
  expect(started.map(({ names }) => names.join(''))).toEqual(['XYab']);
  wishes('cde', 'bulk');
  advance(30);
  expect(started.at(-1)!.names.join('')).toBe('cde');
});

test('a host that waits for its permit holds no place: others go on', () => {
  const { wishes, advance, names, governor, started } = fixture({
    limits: ONE_A_SECOND,
    concurrency: 2,
    concurrencyPerKey: 1,
  });
  wishes('aaaa', 'bulk', 'slow.test');
  wishes('b', 'bulk', 'b.test');
  wishes('c', 'bulk', 'c.test');
  advance(0);
  expect(names()).toBe('ab');
  governor.release(started[0]!.key);
  advance(0);
  expect(names()).toBe('abc');
  governor.release(started[1]!.key);
  governor.release(started[2]!.key);
  advance(1_099);
  expect(names()).toBe('abc');
  advance(1_100);
  expect(names()).toBe('abca');
});

test('what would wait longer than its patience is told at once, with the time when it would start', () => {
  const { offer, advance } = fixture({ limits: ONE_A_SECOND });
  const wishes = Array.from({ length: 8 }, (_, i) => new Wish(String(i), 'express', 5_000));
  const taken = wishes.map((wish) => offer(wish));
  advance(0);
  expect(taken).toEqual([true, true, true, true, true, false, false, false]);
  expect(wishes[5]!.refused).toEqual({ at: 5_500, reason: 'quota' });
});

test('a block tells those in the queue who would wait too long, and keeps the patient', () => {
  const { offer, advance, names, governor } = fixture({ limits: ONE_A_SECOND });
  const patient = new Wish('p', 'bulk');
  const hasty = new Wish('h', 'express', 5_000);
  offer(new Wish('1', 'express', 5_000));
  offer(hasty);
  offer(patient);
  advance(0);
  governor.block(governor.key('one', 0), 60_000, 'provider_down', 0);
  expect(hasty.refused).toEqual({ at: 60_000, reason: 'provider_down' });
  const late = new Wish('l', 'express', 5_000);
  expect(offer(late)).toBe(false);
  advance(59_999);
  expect(names()).toBe('1');
  advance(60_000);
  expect(names()).toBe('1p');
});

test('express is not kept waiting by the bulk queue of its key', () => {
  const { offer, advance, names, wishes } = fixture({ limits: ONE_A_SECOND });
  wishes('bbbbbbbbbbbbbbbbbbbb', 'bulk');
  expect(offer(new Wish('X', 'express', 5_000))).toBe(true);
  advance(0);
  expect(names()).toBe('X');
});

test('a bulk question that an express row wants too moves to its lane', () => {
  const { wishes, advance, names, governor } = fixture({ concurrency: 2 });
  const [, , wanted] = wishes('abc', 'bulk');
  governor.hurry(governor.key('one', 0), wanted!, 0);
  advance(0);
  expect(names()).toBe('ca');
});

test('one that waits for its next try, or is being looked up, is offered in the lane of who joined it', () => {
  const { offer, advance, names, wishes, governor } = fixture({ limits: ONE_A_SECOND });
  const key = governor.key('one', 0);
  const [again, found] = [new Wish('R'), new Wish('F')];
  governor.offerAgain(key, [again], 500, 0);
  for (const wish of [again, found]) governor.hurry(key, wish, 0);
  wishes('bbbbbbbb', 'bulk');
  expect([found.lane, offer(found)]).toEqual(['express', true]);
  for (let at = 0; at <= 3_000; at += 10) advance(at);
  expect(names().slice(0, 3)).toBe('FRb');
});

test('entries tried again go first once their time has come; halves of a batch stay apart', () => {
  const { governor, advance, started, wishes } = fixture({
    batch: { size: 4, lingerMs: { express: 0, bulk: 0 } },
  });
  const key = governor.key('one', 0);
  const again = ['a', 'b', 'c', 'd'].map((name) => new Wish(name));
  again.slice(0, 2).forEach((wish, _, half) => (wish.group = half));
  again.slice(2).forEach((wish, _, half) => (wish.group = half));
  governor.offerAgain(key, again.slice(0, 2), 100, 0);
  governor.offerAgain(key, again.slice(2), 100, 0);
  advance(99);
  expect(started).toHaveLength(0);
  wishes('z', 'bulk');
  advance(100);
  expect(started.map(({ names }) => names.join('')).sort()).toEqual(['ab', 'cd', 'z']);
});

test('while a breaker tries, one call goes through', () => {
  const { governor, wishes, advance, names, started } = fixture();
  const key = governor.key('one', 0);
  key.probing = true;
  wishes('abc', 'bulk');
  advance(0);
  expect(names()).toBe('a');
  key.probing = false;
  governor.release(started[0]!.key);
  advance(0);
  expect(names()).toBe('abc');
});

test('the right to try is asked for with a call to make, and again once it has ended', () => {
  const asked: number[] = [];
  let now = 0;
  const askToTry = (key: LimitKey<Wish>) => {
    asked.push(now);
    key.blockedUntil = now + 1_000;
  };
  const { governor, wishes, advance, names } = fixture({ askToTry });
  const key = governor.key('one', 0);
  const to = (at: number) => advance((now = at));
  key.probing = true;
  to(100);
  expect(asked).toEqual([]);
  wishes('a', 'bulk');
  to(100);
  expect([asked, names()]).toEqual([[100], '']);
  key.tryBy = 300;
  governor.unblock(key);
  to(200);
  expect([asked, names()]).toEqual([[100], 'a']);
  wishes('b', 'bulk');
  governor.release(key);
  to(400);
  expect([asked, names()]).toEqual([[100, 400], 'a']);
});

test("a day's quota holds beside a second's rate", () => {
  const { wishes, advance, names } = fixture({
    limits: [
      { permits: 2, perMs: 1_000, of: 'calls' },
      { permits: 3, perMs: 86_400_000, of: 'units' },
    ],
  });
  wishes('abcd', 'bulk');
  advance(0);
  advance(2_000);
  expect(names()).toBe('abc');
  advance(21 * 4_320_000);
  expect(names()).toBe('abcd');
});

test('idle keys are forgotten, busy ones are not', () => {
  const forgotten: string[] = [];
  const { governor, offer, advance } = fixture({ maxKeys: 2, forgotten: ({ name }) => forgotten.push(name) });
  offer(new Wish('a'), 'busy');
  advance(0);
  governor.key('idle', 0);
  governor.key('third', 0);
  expect(forgotten).toEqual(['idle']);
});

test('express whose starts are of several calls each uses its whole pace, the reserve beside it', () => {
  const limits = [{ permits: 200, perMs: 1_000, of: 'calls' as const }];
  const { advance, started, wishes } = fixture({ limits, callsPerBatch: 5 });
  wishes('x'.repeat(300), 'express');
  for (let at = 0; at <= 5_000; at += 5) advance(at);
  // 40 batches a second, less the margin and the first second, which warms up.
  expect(started.length).toBeGreaterThan(150);
});
