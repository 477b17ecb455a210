import { EventEmitter } from 'node:events';
import { eventually } from '@assay/testing';
import { isRefusal, KeyBreaker } from './key-breaker.js';

const bad = () => Promise.reject(new Error('down'));
const unasked = (breaker: KeyBreaker) =>
  breaker.run(
    () => Promise.resolve('unasked'),
    () => false,
  );
let running: KeyBreaker[] = [];

afterEach(() => {
  for (const breaker of running) breaker.stop();
  running = [];
});

/** One that opens at the second failure, and what it told. */
function fixture(coolOffMs = 20) {
  const told: string[] = [];
  const breaker = new KeyBreaker({ volume: 2, errorPercent: 50, coolOffMs }, new EventEmitter(), {
    open: () => told.push('open'),
    halfOpen: () => told.push('half open'),
    close: () => told.push('close'),
  });
  running.push(breaker);
  return { breaker, told };
}

async function halfOpen() {
  const { breaker, told } = fixture();
  await expect(breaker.run(bad)).rejects.toThrow('down');
  await expect(breaker.run(bad)).rejects.toThrow('down');
  await eventually(
    () => told,
    (seen) => seen.includes('half open'),
    1_000,
  );
  told.length = 0;
  return { breaker, told };
}

test('a try that was not asked neither closes nor opens it, and the next decides', async () => {
  const { breaker, told } = await halfOpen();
  expect(await unasked(breaker)).toBe('unasked');
  expect(await unasked(breaker)).toBe('unasked');
  expect(told).toEqual([]);
  expect(await breaker.run(() => Promise.resolve('well'))).toBe('well');
  expect(told).toEqual(['close']);
});

test('a try that fails after one that was not asked opens it', async () => {
  const { breaker, told } = await halfOpen();
  await unasked(breaker);
  await expect(breaker.run(bad)).rejects.toThrow('down');
  expect(told).toEqual(['open']);
  expect(await breaker.run(bad).catch(isRefusal)).toBe(true);
});

test('while one tries no other does, and it keeps its outcome should the breaker open meanwhile', async () => {
  const { breaker, told } = await halfOpen();
  let end!: (said: string) => void;
  const first = breaker.run(() => new Promise<string>((resolve) => (end = resolve)));
  expect(breaker.trying).toBe(true);
  expect(await breaker.run(() => Promise.resolve('second')).catch(isRefusal)).toBe(true);
  breaker.trip(20);
  end('first');
  expect(await first).toBe('first');
  expect(breaker.trying).toBe(false);
  expect(told).toEqual(['open']);
});

test.each([
  ['was not asked', false],
  ['was answered', true],
])('what began while it was closed and %s does not close it when it is half open', async (_, counts) => {
  const { breaker, told } = fixture();
  let end!: (said: string) => void;
  const slow = breaker.run(
    () => new Promise<string>((resolve) => (end = resolve)),
    () => counts,
  );
  breaker.trip(20);
  await eventually(
    () => told,
    (seen) => seen.includes('half open'),
    1_000,
  );
  end('late');
  expect(await slow).toBe('late');
  await new Promise(setImmediate);
  expect(told).toEqual(['open', 'half open']);
});

test('what was not asked hides no failures', async () => {
  const { breaker, told } = fixture();
  for (let i = 0; i < 10; i++) await unasked(breaker);
  await expect(breaker.run(bad)).rejects.toThrow('down');
  await expect(breaker.run(bad)).rejects.toThrow('down');
  expect(told).toEqual(['open']);
});
