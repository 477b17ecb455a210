import type { Provider, ProviderDefinition } from '@assay/providers';
import { eventually } from '@assay/testing';
import { isWait, NotHeld, type AskRequest, type CellResult, type Control, type Wait } from './ask.js';
import { rankProvider } from './runtime.fixture.js';
import { SpecRig, wish } from './spec-rig.fixture.js';

let rig: SpecRig;

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const ONE_A_SECOND = [{ permits: 1, perMs: 1_000, of: 'calls' as const }];
const CANCELLED = '01890000-0000-7000-8000-00000000000b';
const PAUSED = '01890000-0000-7000-8000-00000000000a';

const byHost = (): Provider => ({
  ...rankProvider({ limits: ONE_A_SECOND, concurrencyPerKey: 1 }),
  limitKey: ({ unit }) => unit.split('.')[1]!,
});
const parkable = (unit: string, given: Partial<AskRequest> = {}) => ({
  ...wish(unit, { lane: 'bulk', ...given }),
  mayPark: true as const,
});

test('rows that wait for their host are given back, those of other hosts are not', async () => {
  const runtime = rig.start({}, byHost());
  const ask = (unit: string) => runtime.ask(parkable(unit));
  const slow = await Promise.all(['a.slow', 'b.slow', 'c.slow', 'd.slow'].map(ask));
  expect(slow.map((result) => (isWait(result) ? result.limitKey : result.outcome))).toEqual([
    'ok',
    'ok',
    'slow',
    'slow',
  ]);
  for (const result of await Promise.all(['a.one', 'a.two'].map(ask))) expect(isWait(result)).toBe(false);
  expect(runtime.pending).toBe(0);
});

test('what may not be parked waits in place', async () => {
  const runtime = rig.start({}, byHost());
  const results = await Promise.all(['a.slow', 'b.slow', 'c.slow'].map((unit) => runtime.ask(wish(unit))));
  for (const { outcome } of results) expect(outcome).toBe('ok');
});

test('a provider with one limit for all parks nobody: whoever comes waits for the same', async () => {
  const runtime = rig.start({ limits: ONE_A_SECOND });
  const asks = Array.from({ length: 3 }, () => runtime.ask(parkable(rig.newUnit())));
  expect((await Promise.all(asks)).some(isWait)).toBe(false);
});

test('a new row stands behind those that are parked; one whose turn has come does not', async () => {
  const until = Date.now() + 8_000;
  const runtime = rig.start({}, byHost(), undefined, {
    parkedUntil: (key, lane) => (key === 'busy' && lane === 'bulk' ? until : 0),
  });
  const results = await Promise.all([
    runtime.ask(parkable('a.busy', { patienceMs: 9_000 })),
    runtime.ask(parkable('b.busy', { patienceMs: 2_000 })),
    runtime.ask(parkable('c.busy', { unparked: true })),
    runtime.ask(parkable('a.idle')),
  ]);
  expect(results).toMatchObject([
    { kind: 'wait', notBefore: until, limitKey: 'busy' },
    { outcome: 'skipped', detail: 'quota', until },
    { outcome: 'ok' },
    { outcome: 'ok' },
  ]);
});

test('cancelled and paused while they wait, or lost: nothing is asked for them', async () => {
  const states = new Map<string, 'paused' | 'cancelled'>();
  const control: Control = { stateOf: ({ submission }) => states.get(submission) };
  let held = true;
  const given = { limits: ONE_A_SECOND, batch: { size: 1, lingerMs: 0 } };
  const runtime = rig.start(given, undefined, undefined, { control });
  await runtime.ask(wish(rig.newUnit()));
  const waiting: Promise<CellResult | Wait>[] = [
    runtime.ask(parkable(rig.newUnit(), { submission: CANCELLED })),
    runtime.ask(parkable(rig.newUnit(), { submission: PAUSED, expiresAt: Date.now() + 60_000 })),
  ];
  const lost = runtime.ask(parkable(rig.newUnit(), { held: () => held })).catch((error: unknown) => error);
  await eventually(
    () => runtime.pending,
    (pending) => pending === 3,
  );
  states.set(CANCELLED, 'cancelled').set(PAUSED, 'paused');
  held = false;
  runtime.controlled();
  expect(await Promise.all(waiting)).toMatchObject([
    { outcome: 'skipped', detail: 'cancelled' },
    { kind: 'wait', limitKey: '', reason: 'paused' },
  ]);
  expect(await lost).toBeInstanceOf(NotHeld);
  expect(rig.stub.calls).toHaveLength(1);
  const [cancelled, paused] = await Promise.all([
    runtime.ask(parkable(rig.newUnit(), { submission: CANCELLED })),
    runtime.ask(parkable(rig.newUnit(), { submission: PAUSED })),
  ]);
  expect(cancelled).toMatchObject({ outcome: 'skipped', detail: 'cancelled' });
  expect(isWait(paused)).toBe(true);
});

test('cancelled while its redirect waits for the next host: nothing more is asked', async () => {
  const states = new Map<string, 'cancelled'>();
  const control: Control = { stateOf: ({ submission }) => states.get(submission) };
  const provider: Provider = {
    ...(rankProvider() as ProviderDefinition),
    limits: ONE_A_SECOND,
    limitKey: ({ unit }) => unit,
    *steps(questions) {
      const { unit } = questions[0]!;
      yield [{ method: 'GET', url: `http://${unit}/` }];
      yield [{ method: 'GET', url: 'http://target.test/', limitKey: 'target.test' }];
      return new Map([[`ranks ${unit}`, { outcome: 'ok' as const, numbers: { rank: 1 } }]]);
    },
  };
  const runtime = rig.start({}, provider, undefined, { control });
  const asked = Array.from({ length: 6 }, () =>
    runtime.ask(parkable(rig.newUnit(), { submission: CANCELLED })),
  );
  // Six of their own, and the first at the target.
  await eventually(
    () => rig.stub.calls.length,
    (calls) => calls >= 7,
  );
  states.set(CANCELLED, 'cancelled');
  runtime.controlled();
  const before = rig.stub.calls.length;
  const results = await Promise.all(asked);
  expect(results.filter((result) => !isWait(result) && result.detail === 'cancelled').length).toBeGreaterThan(
    3,
  );
  expect(rig.stub.calls.length - before).toBeLessThanOrEqual(1);
});
