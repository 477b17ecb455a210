import { NotHeld, type AskRequest, type CellResult, type Control, type Wait } from './ask.js';
import { Flight, lastsUntil } from './flight.js';

const NOW = 1_000_000;
const PAUSED = '01890000-0000-7000-8000-00000000000a';
const CANCELLED = '01890000-0000-7000-8000-00000000000b';
const OPEN = '01890000-0000-7000-8000-00000000000c';

function request(given: Partial<AskRequest> = {}): AskRequest {
  return {
    question: { surface: 'ranks', unit: 'a.test' },
    lane: 'bulk',
    expiresAt: NOW + 100_000,
    patienceMs: 60_000,
    dispatchedAt: NOW,
    submission: OPEN,
    gen: 0,
    mayPark: true,
    ...given,
  };
}

function setUp(rows: readonly AskRequest[], control?: Control) {
  const results: (CellResult | Wait | Error | undefined)[] = rows.map(() => undefined);
  let ended = false;
  const waiters = rows.map((row, i) => ({
    row,
    waitUntil: lastsUntil(row, NOW),
    resolve: (result: CellResult | Wait) => void (results[i] = result),
    reject: (error: Error) => void (results[i] = error),
  }));
  const flight = new Flight(
    'key',
    rows[0]!.question,
    NOW,
    waiters[0]!,
    () => NOW,
    () => (ended = true),
    control,
  );
  for (const waiter of waiters.slice(1)) flight.join(waiter);
  return { flight, results, ended: () => ended };
}

test('a long wait for a key of its own parks those that may, skips the impatient, and keeps the rest', () => {
  const { flight, results, ended } = setUp([
    request(),
    request({ mayPark: false }),
    request({ patienceMs: 1_000 }),
    request({ lane: 'express' }),
  ]);
  flight.parksAt = { name: 'slow.test', stepAtLeast: 0 };
  expect(flight.waits(NOW + 1_500.5, 'quota')).toBe(true);
  expect(results).toEqual([
    { kind: 'wait', notBefore: NOW + 1_501, limitKey: 'slow.test', reason: 'quota' },
    undefined,
    { outcome: 'skipped', detail: 'quota', at: NOW, until: NOW + 1_501 },
    undefined,
  ]);
  expect(flight.waits(NOW + 2_001, 'provider_down')).toBe(true);
  expect(results[3]).toMatchObject({ kind: 'wait', reason: 'provider_down' });
  expect(ended()).toBe(false);
});

test('nobody is parked for about a second, nor where the limit is the whole provider', () => {
  const { flight, results } = setUp([request()]);
  expect(flight.waits(NOW + 50_000, 'quota')).toBe(true);
  flight.parksAt = { name: 'slow.test', stepAtLeast: 0 };
  expect(flight.waits(NOW + 1_300, 'quota')).toBe(true);
  expect(results).toEqual([undefined]);
  expect(flight.waits(NOW + 1_301, 'quota')).toBe(false);
});

test('what failed waits for its next try in place, or its tries would begin anew; throttled, it may be parked', () => {
  const { flight, results } = setUp([request()]);
  flight.parksAt = { name: 'slow.test', stepAtLeast: 0 };
  flight.lastFailure = { class: 'server', message: '500' };
  expect(flight.waits(NOW + 5_000, 'quota')).toBe(true);
  flight.lastFailure = { class: 'rate_limited', message: '429' };
  expect(flight.waits(NOW + 5_000, 'quota')).toBe(false);
  expect(results[0]).toMatchObject({ kind: 'wait', notBefore: NOW + 5_000 });
});

test('cancelled rows are answered, paused ones parked, lost ones given back; none of them while it is called', () => {
  const control: Control = {
    stateOf: ({ submission }) =>
      ({ [PAUSED]: 'paused' as const, [CANCELLED]: 'cancelled' as const })[submission],
  };
  const rows = [
    request({ submission: CANCELLED }),
    request({ submission: PAUSED }),
    request({ submission: PAUSED, mayPark: false }),
    request({ held: () => false }),
  ];
  const { flight, results } = setUp(rows, control);
  flight.calling = true;
  expect(flight.wanted(NOW)).toBe(true);
  expect(results).toEqual([undefined, undefined, undefined, undefined]);
  flight.calling = false;
  expect(flight.wanted(NOW)).toBe(true);
  expect(results).toEqual([
    { outcome: 'skipped', detail: 'cancelled', at: NOW },
    { kind: 'wait', notBefore: NOW + 100_000, limitKey: '', reason: 'paused' },
    undefined,
    expect.any(NotHeld),
  ]);
  const alone = setUp([rows[0]!], control);
  expect(alone.flight.wanted(NOW)).toBe(false);
  expect(alone.ended()).toBe(true);
});

test('rows that come new stand behind the parked; one whose turn has come does not', () => {
  expect(setUp([request(), request()]).flight.comesNew).toBe(true);
  expect(setUp([request(), request({ unparked: true })]).flight.comesNew).toBe(false);
  expect(setUp([request({ mayPark: false })]).flight.comesNew).toBe(false);
});
