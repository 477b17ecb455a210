import type { Entry } from './entry-queue.js';
import { LimitKeys } from './limit-keys.js';

const TEN_A_MINUTE = [{ permits: 10, perMs: 60_000, of: 'calls' as const }];
const open = (credentials: number, given: object = {}) =>
  new LimitKeys<Entry>({ limits: TEN_A_MINUTE, limitsFactor: 1, maxKeys: 100, credentials, ...given });

test('the key with most left goes first', () => {
  const key = open(3).get('moz', 0);
  key.credentials[0]!.take(5, 5, 0);
  key.credentials[2]!.take(2, 2, 0);
  expect(key.next(1, 1, 0).index).toBe(1);
  key.credentials[1]!.take(4, 4, 0);
  expect(key.next(1, 1, 0).index).toBe(2);
});

test('taking turns by what is left spends all keys evenly', () => {
  const key = open(3).get('moz', 0);
  const used = Array.from({ length: 30 }, () => {
    const credential = key.next(1, 1, 0);
    expect(credential.waitToStart(1, 1, 0)).toBe(0);
    credential.take(1, 1, 0);
    return credential.index;
  });
  for (const index of [0, 1, 2]) expect(used.filter((one) => one === index)).toHaveLength(10);
  expect(key.next(1, 1, 0).waitToStart(1, 1, 0)).toBeGreaterThan(50_000);
});

test('where none may call now, the one that may soonest is next', () => {
  const key = open(2).get('moz', 0);
  key.credentials[0]!.pausedUntil = 9_000;
  key.credentials[1]!.pausedUntil = 3_000;
  expect(key.next(1, 1, 0).index).toBe(1);
  expect(key.pausedBy(0)).toBe('quota');
  expect(key.pausedBy(4_000)).toBeUndefined();
});

test('more keys, less wait for a queue', () => {
  const wait = (count: number) => open(count).get('moz', 0).waitFor(30, 30, 0);
  expect(wait(1)).toBeGreaterThan(wait(2));
  expect(wait(3)).toBe(0);
});

test('a refused key is refused at every limit key, those to come as well', () => {
  const keys = open(2);
  const first = keys.get('a', 0);
  expect(keys.refuse(first.credentials[0]!, 5_000, 0)).toBe(true);
  expect(keys.get('b', 0).next(1, 1, 0).index).toBe(1);
  expect(keys.refuse(first.credentials[1]!, 6_000, 0)).toBe(false);
  expect(first.pausedBy(0)).toBe('provider_down');
  expect(first.pausedBy(5_500)).toBeUndefined();
});

test('a provider without keys has permits all the same', () => {
  const key = open(0).get('tranco', 0);
  expect(key.credentials).toHaveLength(1);
});

test('idle keys are forgotten, those that owe permits are not', () => {
  const forgotten: string[] = [];
  const keys = open(1, { maxKeys: 2, forgotten: ({ name }: { name: string }) => forgotten.push(name) });
  keys.get('busy', 0).credentials[0]!.take(1, 1, 0);
  keys.get('idle', 0);
  keys.get('third', 0);
  expect(forgotten).toEqual(['idle']);
});
