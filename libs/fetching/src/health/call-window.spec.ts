import { FAILURE_CLASSES, quantileMs, type CallClass } from '@assay/contracts';
import fc from 'fast-check';
import { CallWindow, failedOf, OTHER_KEYS, type WindowReading } from './call-window.js';
import type { SeenCall } from './seen-call.js';

type Call = Omit<SeenCall, 'provider'>;

const START = 1_800_000_000_000;
const CLASSES: readonly CallClass[] = ['ok', 'absent', 'skipped', ...FAILURE_CLASSES];
const calls = fc.array(
  fc.record({
    limitKey: fc.constantFrom('a', 'b', 'c', 'd'),
    class: fc.constantFrom(...CLASSES),
    requests: fc.integer({ min: 0, max: 2 }),
    latencyMs: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 600_000 })),
    at: fc.integer({ min: 0, max: 150_000 }).map((ms) => START + ms),
  }),
  { maxLength: 200 },
);

const call = (given: Partial<Call> = {}): Call => ({
  limitKey: 'a',
  class: 'ok',
  requests: 1,
  latencyMs: 20,
  at: START,
  ...given,
});

/** The calls that count, looked at one by one. */
function model(all: readonly Call[], now: number): Call[] {
  const stretch = (at: number) => Math.floor(at / 10_000);
  return all.filter(
    ({ at, requests, class: ended }) =>
      stretch(at) > stretch(now) - 6 &&
      stretch(at) <= stretch(now) &&
      (requests > 0 || !['ok', 'absent', 'skipped'].includes(ended)),
  );
}

function expectTold(stat: WindowReading['whole'], counted: readonly Call[]): void {
  const byClass: Record<string, number> = {};
  for (const { class: ended } of counted) byClass[ended] = (byClass[ended] ?? 0) + 1;
  expect(stat.calls).toBe(counted.length);
  expect(stat.byClass).toEqual(byClass);
  const latencies = counted.filter(({ requests }) => requests > 0).map(({ latencyMs }) => latencyMs);
  latencies.sort((a, b) => a - b);
  for (const share of [0.5, 0.95]) {
    const told = quantileMs(stat.histogram, share);
    const exact = latencies[Math.ceil(latencies.length * share) - 1];
    if (exact === undefined) expect(told).toBeNull();
    else {
      expect(told! / Math.max(1, exact)).toBeGreaterThan(0.9);
      expect(told! / Math.max(1, exact)).toBeLessThan(1.1);
    }
  }
}

test('a reading is what looking at every call gives, whatever their order', () => {
  fc.assert(
    fc.property(calls, fc.integer({ min: 150_000, max: 220_000 }), (all, after) => {
      const window = new CallWindow();
      for (const one of all) window.note(one);
      const now = START + after;
      const reading = window.read(now);
      const counted = model(all, now);
      expectTold(reading.whole, counted);
      expect(reading.spanMs).toBe(50_000 + (now % 10_000));
      const names = new Set(counted.map(({ limitKey }) => limitKey));
      expect(new Set(reading.keys.map(({ limitKey }) => limitKey))).toEqual(names);
      for (const key of reading.keys)
        expectTold(
          key,
          counted.filter(({ limitKey }) => limitKey === key.limitKey),
        );
    }),
  );
});

test('readings in between change nothing', () => {
  fc.assert(
    fc.property(calls, (given) => {
      const all = given.toSorted((a, b) => a.at - b.at);
      const [looked, left] = [new CallWindow(), new CallWindow()];
      for (const one of all) {
        looked.note(one);
        left.note(one);
        looked.read(one.at);
      }
      expect(looked.read(START + 150_000)).toEqual(left.read(START + 150_000));
    }),
  );
});

test('the number of limit keys told apart is bounded; no call is lost over it', () => {
  fc.assert(
    fc.property(calls, (given) => {
      const window = new CallWindow(2);
      const all = given.toSorted((a, b) => a.at - b.at);
      for (const one of all) window.note(one);
      const { whole, keys } = window.read(START + 150_000);
      expectTold(whole, model(all, START + 150_000));
      expect(keys.reduce((sum, key) => sum + key.calls, 0)).toBe(whole.calls);
      expect(keys.filter(({ limitKey }) => limitKey !== OTHER_KEYS).length).toBeLessThanOrEqual(2);
    }),
  );
});

test('2,000 limit keys are told apart, the rest together; room is made by those that have gone quiet', () => {
  const window = new CallWindow();
  for (let n = 0; n < 2_500; n++) window.note(call({ limitKey: `host${n}` }));
  const { keys } = window.read(START);
  expect(keys).toHaveLength(2_001);
  expect(keys[0]).toMatchObject({ limitKey: OTHER_KEYS, calls: 500 });
  window.note(call({ limitKey: 'late', at: START + 60_000 }));
  expect(window.read(START + 60_000).keys).toMatchObject([{ limitKey: 'late', calls: 1 }]);
});

test('the troubled come first, then the busiest', () => {
  const window = new CallWindow();
  for (let n = 0; n < 5; n++) window.note(call({ limitKey: 'busy' }));
  for (let n = 0; n < 2; n++) window.note(call({ limitKey: 'failing', class: 'server' }));
  window.note(call({ limitKey: 'quiet' }));
  const { keys } = window.read(START);
  expect(keys.map((key) => [key.limitKey, failedOf(key)])).toEqual([
    ['failing', 2],
    ['busy', 0],
    ['quiet', 0],
  ]);
  expect(window.read(START, 2)).toEqual({ ...window.read(START), keys: keys.slice(0, 2) });
});

test('what did not have to ask the provider is no call; whom nobody could reach is one without a latency', () => {
  const window = new CallWindow();
  window.note(call({ requests: 0 }));
  window.note(call({ requests: 0, class: 'network', latencyMs: 5_000 }));
  const { whole } = window.read(START);
  expect([whole.calls, whole.byClass, quantileMs(whole.histogram, 0.5)]).toEqual([1, { network: 1 }, null]);
});
