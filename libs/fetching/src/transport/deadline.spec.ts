import { jest } from '@jest/globals';
import { Deadline, LAST_LEG_MS } from './deadline.js';

const MS = 8_000;
let expired: jest.Mock<() => void>;
let now: number;

beforeEach(() => {
  jest.useFakeTimers();
  now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  expired = jest.fn<() => void>();
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** Timers fire `lateMs` after their time, as they do where nothing ran meanwhile. */
function pass(ms: number, lateMs = 0): void {
  now += ms + lateMs;
  jest.advanceTimersByTime(ms);
}

test('ends once, after its time', () => {
  new Deadline(MS, expired);
  pass(MS - LAST_LEG_MS);
  pass(LAST_LEG_MS - 1);
  expect(expired).not.toHaveBeenCalled();
  pass(1);
  pass(MS);
  expect(expired).toHaveBeenCalledTimes(1);
});

test('a short one too', () => {
  new Deadline(10, expired);
  pass(5);
  expect(expired).not.toHaveBeenCalled();
  pass(5);
  expect(expired).toHaveBeenCalledTimes(1);
});

test.each([
  ['in its first leg', 8_000, 0],
  ['in its last', 0, 8_000],
])('leaves a turn to what came while the process stood still %s', (_, first, last) => {
  new Deadline(MS, expired);
  pass(MS - LAST_LEG_MS, first);
  expect(expired).not.toHaveBeenCalled();
  pass(LAST_LEG_MS, last);
  expect(expired).toHaveBeenCalledTimes(last > 0 ? 0 : 1);
  pass(LAST_LEG_MS);
  expect(expired).toHaveBeenCalledTimes(1);
});

test('ends however busy the process is', () => {
  new Deadline(MS, expired);
  pass(MS - LAST_LEG_MS, 1_000);
  pass(LAST_LEG_MS, 1_000);
  pass(LAST_LEG_MS, 1_000);
  expect(expired).toHaveBeenCalledTimes(1);
});

test('is over when it is cleared', () => {
  const deadline = new Deadline(MS, expired);
  pass(MS - LAST_LEG_MS);
  deadline.clear();
  pass(LAST_LEG_MS);
  expect(expired).not.toHaveBeenCalled();
});
