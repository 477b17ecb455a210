import { providerLines, type ProviderHealth, type ProviderInfo, type Trouble } from './provider-lines.js';

const NOW = new Date(2026, 1, 3, 18, 0, 0).getTime();
const UNTIL = new Date(2026, 1, 3, 18, 4, 10).toISOString();
const WELL: ProviderHealth = {
  keys: 1,
  troubled: 0,
  troubles: [],
  callsPerMinute: 60,
  waiting: 5,
  parked: 0,
  lag: 100,
};
const trouble = (given: Partial<Trouble> = {}): Trouble => ({
  limitKey: 'moz',
  state: 'open',
  reason: 'too many failures',
  until: UNTIL,
  calls: null,
  byClass: {},
  ...given,
});
const moz = (health: Partial<ProviderHealth> = {}, given: Partial<ProviderInfo> = {}): ProviderInfo => ({
  id: 'moz',
  enabled: true,
  unitsPerCall: 50,
  health: { ...WELL, ...health },
  ...given,
});
const troubled = (...troubles: Trouble[]) => ({ troubled: troubles.length, troubles });
const texts = (provider: ProviderInfo, behindMs?: number) =>
  providerLines([provider], () => behindMs, 5_000, NOW).map(({ text }) => text);

test('nothing is said while all is well, and of what is off', () => {
  expect(texts(moz())).toEqual([]);
  expect(texts(moz(troubled(trouble()), { enabled: false }))).toEqual([]);
});

test('an open breaker says until when, what failed, and what waits', () => {
  const open = trouble({ calls: 12, byClass: { server: 10, timeout: 2 } });
  expect(texts(moz({ ...troubled(open), waiting: 1_204 }))).toEqual([
    '  moz: breaker open until 18:04:10 (12 of 12 calls failed) · 1,204 waiting',
  ]);
  expect(texts(moz({ ...troubled(trouble()), waiting: null, parked: 3_000 }))).toEqual([
    '  moz: breaker open until 18:04:10 (too many failures) · 3,000 parked',
  ]);
});

test('after the end of a cool-off a provider is to be tried again, and not well; an open breaker is worse', () => {
  const untried = trouble({ state: 'half_open', until: null, limitKey: 'moz#2' });
  expect(texts(moz({ ...troubled(untried), waiting: 3 }))).toEqual([
    '  moz#2: to be tried again (too many failures) · 3 waiting',
  ]);
  const open = trouble({ calls: 12, byClass: { server: 12 } });
  expect(texts(moz({ keys: 2, ...troubled(untried, open), waiting: 0 }))).toEqual([
    '  moz: breaker open until 18:04:10 (12 of 12 calls failed) · 2 of 2 limit keys in trouble',
  ]);
});

test('halted, slowed down and a spent quota are told apart; the worst is told', () => {
  const tomorrow = new Date(2026, 1, 4).toISOString();
  const spent = trouble({ state: 'throttled', reason: 'quota spent', until: tomorrow });
  const none = { waiting: 0 };
  expect(texts(moz({ ...troubled(spent), ...none }))).toEqual(['  moz: quota spent until 4 Feb, 00:00:00']);
  const slow = trouble({ state: 'throttled', reason: 'slow\ndown\u001b[31m', limitKey: 'moz#2' });
  expect(texts(moz({ ...troubled(slow), ...none }))).toEqual([
    '  moz#2: slowed down until 18:04:10 (slow down [31m)',
  ]);
  const halted = trouble({ state: 'halted', reason: null, until: null });
  expect(texts(moz({ keys: 2, ...troubled(slow, halted), ...none }))).toEqual([
    '  moz: halted, it refuses our key · 2 of 2 limit keys in trouble',
  ]);
});

test('one registry out of a few is told, one host out of many is not, most of many are', () => {
  const host = trouble({ limitKey: 'a.test', reason: null });
  expect(texts(moz({ keys: 5, waiting: 0, ...troubled(host) }))).toEqual([
    '  moz (a.test): breaker open until 18:04:10',
  ]);
  expect(texts(moz({ keys: 100, ...troubled(host) }))).toEqual([]);
  expect(texts(moz({ keys: 100, ...troubled(host), troubled: 51 }))).toHaveLength(1);
});

test('a queue longer than the patience is told; one whose length in time is not known is not', () => {
  expect(texts(moz({ lag: 1_204 }), 150_000)).toEqual([
    '  moz: 1,204 messages behind, about 3 min · 5 waiting',
  ]);
  expect(texts(moz({ lag: 1_204 }), 5_000)).toEqual([]);
  expect(texts(moz({ lag: 1_204 }))).toEqual([]);
});

test('where many are behind one line tells the slowest', () => {
  const many = ['a', 'b', 'c', 'd'].map((id) => moz({ waiting: 0 }, { id }));
  const behind = ({ id }: ProviderInfo) => (id === 'c' ? 60_000 : 6_000);
  expect(providerLines(many, behind, 5_000, NOW).map(({ text }) => text)).toEqual([
    '  4 providers are behind, most of all c: 100 messages behind, about 60 s',
  ]);
  expect(providerLines(many.slice(1), behind, 5_000, NOW)).toHaveLength(3);
});
