import { jest } from '@jest/globals';
import { Deadline, LAST_LEG_MS } from './deadline.js';

const MS = 8_000;
let expired: jest.Mock<() => void>;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  expired = jest.fn<() => void>();
});
afterEach(() => jest.useRealTimers());

/** Timers, then sockets, then what `setImmediate` asks for: as a turn of the event loop goes. */
function turn(ms: number): Promise<void> {
  jest.advanceTimersByTime(ms);
  expect(expired).not.toHaveBeenCalled();
  return new Promise((resolve) => setImmediate(resolve));
}

test.each([
  ['long', MS, LAST_LEG_MS],
  ['short', 10, 5],
])('a %s one ends once, after its time', async (_, ms, last) => {
  new Deadline(ms, expired);
  await turn(ms - last);
  await turn(last - 1);
  await turn(1);
  expect(expired).toHaveBeenCalledTimes(1);
  jest.advanceTimersByTime(MS);
  expect(expired).toHaveBeenCalledTimes(1);
});

test.each([0, 1, -5])('one of %s ms ends at once', async (ms) => {
  new Deadline(ms, expired);
  await turn(2);
  expect(expired).toHaveBeenCalledTimes(1);
});

test.each([
  ['in its first leg', 0],
  ['in its last leg', MS - LAST_LEG_MS],
])('nothing ends that is over %s', async (_, ms) => {
  const deadline = new Deadline(MS, expired);
  await turn(ms);
  deadline.clear();
  await turn(MS);
  await turn(MS);
});

test('what its last turn read is not ended by it', async () => {
  const deadline = new Deadline(MS, expired);
  await turn(MS - LAST_LEG_MS);
  jest.advanceTimersByTime(LAST_LEG_MS);
  deadline.clear();
  await turn(MS);
});
