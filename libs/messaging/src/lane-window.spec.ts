// oxlint-disable-next-line no-restricted-imports -- a turn of the event loop, no time
import { setImmediate as turn } from 'node:timers/promises';
import { LaneWindow } from './lane-window.js';

interface Entry {
  readonly bytes: number;
  readonly name: number;
}

function lane(inFlight: number, waitingBytes = 10, inFlightBytes?: number) {
  const started = new Map<number, () => void>();
  const said: string[] = [];
  const window = new LaneWindow<Entry>({
    inFlight,
    waitingBytes,
    ...(inFlightBytes && { inFlightBytes }),
    work: ({ name }) => new Promise((resolve) => started.set(name, resolve)),
    onFull: () => said.push('full'),
    onRoom: () => said.push('room'),
  });
  const end = async (name: number) => {
    started.get(name)!();
    await turn();
    await turn();
  };
  return { window, started, said, end };
}

const entries = (from: number, to: number): Entry[] =>
  Array.from({ length: to - from }, (_, i) => ({ bytes: 1, name: from + i }));

test('works on no more than its bound and keeps the rest in order', async () => {
  const { window, started, end } = lane(2);
  window.accept(entries(0, 5));
  expect([...started.keys()]).toEqual([0, 1]);
  await end(1);
  expect([...started.keys()]).toEqual([0, 1, 2]);
  expect(window.inFlight).toBe(2);
  expect(window.waiting).toBe(2);
});

test('large entries fill its work before their number does; one that is larger than all goes alone', async () => {
  const { window, started, said, end } = lane(10, 500, 100);
  window.accept([60, 60, 60, 900, 1].map((bytes, name) => ({ bytes, name })));
  expect([...started.keys()]).toEqual([0, 1]);
  expect([window.inFlightBytes, window.waitingBytes, window.full]).toEqual([120, 961, true]);
  await end(0);
  expect([...started.keys()]).toEqual([0, 1, 2]);
  await end(1);
  await end(2);
  expect(said).toEqual(['full', 'room']);
  expect([...started.keys()]).toEqual([0, 1, 2, 3]);
  await end(3);
  expect([window.inFlight, window.inFlightBytes]).toEqual([1, 1]);
});

test('says full once, and room again below half', async () => {
  const { window, said, end } = lane(1);
  window.accept(entries(0, 8));
  expect(said).toEqual([]);
  window.accept(entries(8, 20));
  expect(said).toEqual(['full']);
  for (let name = 0; name < 13; name++) await end(name);
  expect(said).toEqual(['full']);
  await end(13);
  expect(said).toEqual(['full', 'room']);
});

test('forgets what no longer holds, and has room again by that', () => {
  const { window, said } = lane(1);
  window.accept(entries(0, 20));
  window.keep(({ name }) => name > 15);
  expect(window.waiting).toBe(4);
  expect(said).toEqual(['full', 'room']);
});

test('stop starts nothing more and waits for what is in work', async () => {
  const { window, started, end } = lane(2);
  window.accept(entries(0, 5));
  let stopped = false;
  const stopping = window.stop().then(() => (stopped = true));
  window.accept(entries(5, 6));
  await end(0);
  expect(stopped).toBe(false);
  await end(1);
  await stopping;
  expect(started.size).toBe(2);
});

test('a large delivery does not hold the event loop', async () => {
  const { window, started } = lane(10_000, 1e9);
  window.accept(entries(0, 1_000));
  expect(started.size).toBeLessThan(1_000);
  for (let i = 0; i < 10; i++) await turn();
  expect(started.size).toBe(1_000);
});
