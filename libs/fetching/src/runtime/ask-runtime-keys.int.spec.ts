import { rankProvider, answerAll } from './runtime.fixture.js';
import { SpecRig, wish } from './spec-rig.fixture.js';

let rig: SpecRig;
const KEYS = ['sim-one', 'sim-two', 'sim-three'];

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const start = (given = {}, keys = KEYS) => rig.start(given, rankProvider(given), keys);
const askMany = (runtime: ReturnType<typeof start>, count: number) =>
  Promise.all(Array.from({ length: count }, () => runtime.ask(wish(rig.newUnit()))));
const callsWith = (key: string) => rig.stub.calls.filter(({ path }) => path.endsWith(`key=${key}`)).length;

/** The stub refuses these keys with this status. */
function refuse(status: number, ...keys: string[]): void {
  rig.stub.answer = (request, response, units) => {
    if (!keys.some((key) => request.url?.endsWith(`key=${key}`))) return answerAll(request, response, units);
    response.writeHead(status).end(`no: ${request.url}`);
  };
}

test('keys are used evenly', async () => {
  const runtime = start({ limits: [{ permits: 10, perMs: 3_600_000, of: 'calls' }] });
  const results = await askMany(runtime, 30);
  expect(results.every(({ outcome }) => outcome === 'ok')).toBe(true);
  expect(KEYS.map(callsWith)).toEqual([10, 10, 10]);
  expect(await runtime.ask(wish(rig.newUnit()))).toMatchObject({ outcome: 'skipped', detail: 'quota' });
});

test.each([401, 402])(
  'status %i for one key: it alone is set aside, and nobody loses an answer',
  async (status) => {
    refuse(status, 'sim-two');
    const runtime = start({ limits: [{ permits: 100, perMs: 3_600_000, of: 'calls' }], concurrency: 4 });
    const results = await askMany(runtime, 40);
    expect(results.map(({ outcome }) => outcome)).toEqual(results.map(() => 'ok'));
    expect(callsWith('sim-two')).toBeLessThanOrEqual(4);
    const state = status === 401 ? 'halted' : 'throttled';
    expect(rig.states.filter((change) => change.state === state).map(({ limitKey }) => limitKey)).toContain(
      'ranks#2',
    );
    expect(rig.states.some(({ limitKey, state: is }) => is === 'halted' && limitKey === 'ranks')).toBe(false);
    expect(rig.logged + JSON.stringify(rig.states)).not.toMatch(/sim-(one|two|three)/);
  },
);

test('the last key refused: the provider halts and says so', async () => {
  refuse(401, ...KEYS);
  const runtime = start();
  const results = await askMany(runtime, 6);
  for (const { outcome, detail } of results) {
    expect([`${outcome} ${detail}`]).toEqual([
      expect.stringMatching(/^(failed auth|skipped provider_down)$/),
    ]);
  }
  expect(results.some(({ outcome }) => outcome === 'failed')).toBe(true);
  expect(rig.states.at(-1)).toMatchObject({ limitKey: 'ranks', state: 'halted' });
  const calls = rig.stub.calls.length;
  expect(await runtime.ask(wish(rig.newUnit()))).toMatchObject({
    outcome: 'skipped',
    detail: 'provider_down',
  });
  expect(rig.stub.calls).toHaveLength(calls);
  expect(rig.logged).toContain('not asked any more');
});

test('a key that pauses for a moment makes way for the others', async () => {
  refuse(429, 'sim-one');
  const results = await askMany(start({ concurrency: 1 }), 12);
  expect(results.every(({ outcome }) => outcome === 'ok')).toBe(true);
  expect(callsWith('sim-one')).toBe(1);
});

test('without a key the limits without a key hold', async () => {
  const given = {
    limits: [{ permits: 100, perMs: 3_600_000, of: 'calls' as const }],
    limitsWithoutKey: [{ permits: 2, perMs: 3_600_000, of: 'calls' as const }],
  };
  const results = await askMany(start(given, []), 5);
  expect(results.map(({ outcome }) => outcome).toSorted()).toEqual([
    'ok',
    'ok',
    'skipped',
    'skipped',
    'skipped',
  ]);
});

test('the last key paused: the limit key itself is told as throttled, until the first of them may ask again', async () => {
  let refusals = 0;
  rig.stub.answer = (_, response) =>
    response.writeHead(429, { 'retry-after': String(60 + refusals++) }).end();
  const runtime = start({ retries: 0 });
  for (let i = 0; i < KEYS.length; i++) await runtime.ask(wish(rig.newUnit()));
  const told = rig.states.filter(({ limitKey }) => limitKey === 'ranks');
  expect(told).toMatchObject([{ state: 'throttled' }]);
  const ofKeys = rig.states.filter(({ limitKey }) => limitKey !== 'ranks').map(({ until }) => until!);
  expect(told[0]!.until).toBe(Math.min(...ofKeys));
  expect(rig.states.map(({ limitKey }) => limitKey).toSorted()).toEqual([
    'ranks',
    'ranks#1',
    'ranks#2',
    'ranks#3',
  ]);
});
