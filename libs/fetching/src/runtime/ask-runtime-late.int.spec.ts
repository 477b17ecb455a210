import type { Provider, ProviderDefinition } from '@assay/providers';
import { eventually } from '@assay/testing';
import { createTransport, type Transport } from '../transport/transport.js';
import { answerAll, PUBLIC_ADDRESS, rankProvider } from './runtime.fixture.js';
import { SpecRig, wish } from './spec-rig.fixture.js';

let rig: SpecRig;

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const newUnit = () => rig.newUnit();

/** A transport whose first connection stands after `ms`, and how often it was told to send. */
function slowToConnect(ms: number) {
  const connecting = Date.now() + ms;
  const resolve = async () => {
    await eventually(Date.now, (at) => at >= connecting);
    return [PUBLIC_ADDRESS];
  };
  const through = createTransport({ lead: { httpPort: rig.stub.port, httpsPort: 1, resolve, ca: '' } });
  const sends: number[] = [];
  const send: Transport['send'] = (request, options) => {
    sends.push(Date.now());
    return through.send(request, options);
  };
  return { sends, transport: { send, close: () => through.close() } };
}

test('a socket that takes longer to stand than the permit is good: the call waits for another, and is no failure', async () => {
  const { sends, transport } = slowToConnect(300);
  const limits = [{ permits: 20, perMs: 1_000, of: 'calls' as const }];
  const runtime = rig.start({ retries: 0, limits }, undefined, undefined, { transport });
  expect(await runtime.ask(wish(newUnit()))).toMatchObject({ outcome: 'ok' });
  expect(sends.length).toBeGreaterThan(1);
  expect(rig.stub.calls).toHaveLength(1);
  expect(rig.states).toEqual([]);
  await transport.close();
});

test('where starts are far apart a late one is made, and the next keeps its distance from it', async () => {
  const { sends, transport } = slowToConnect(700);
  const limits = [{ permits: 1, perMs: 1_000, of: 'calls' as const }];
  const runtime = rig.start({ retries: 0, limits }, undefined, undefined, { transport });
  const arrived: number[] = [];
  rig.stub.answer = (...given) => {
    arrived.push(Date.now());
    answerAll(...given);
  };
  const results = await Promise.all([runtime.ask(wish(newUnit())), runtime.ask(wish(newUnit()))]);
  expect(results).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]);
  expect(sends).toHaveLength(2);
  expect(arrived[1]! - arrived[0]!).toBeGreaterThanOrEqual(1_000);
  await transport.close();
});

test.each([
  ['free, two a second', { limits: [{ permits: 2, perMs: 1_000, of: 'calls' as const }] }, 2],
  [
    'priced, one a second',
    {
      limits: [{ permits: 1, perMs: 1_000, of: 'calls' as const }],
      price: { perUnitMicroUsd: 5, perCallMicroUsd: 0 },
    },
    1,
  ],
])(
  'sockets that stand at once let no crowd go: %s',
  async (_, given, most) => {
    const { transport } = slowToConnect(3_000);
    const provider = rankProvider({ ...given, retries: 0, concurrency: 4, timeoutMs: 8_000 });
    const runtime = rig.start({}, provider, undefined, { transport });
    const arrived: number[] = [];
    rig.stub.answer = (...answer) => {
      arrived.push(Date.now());
      answerAll(...answer);
    };
    const patient = () => ({
      lane: 'bulk' as const,
      patienceMs: 25_000,
      expiresAt: Date.now() + 25_000,
    });
    const results = await Promise.all(
      Array.from({ length: 5 }, () => runtime.ask(wish(newUnit(), patient()))),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(results.map(() => 'ok'));
    expect(arrived).toHaveLength(5);
    for (const from of arrived)
      expect(arrived.filter((at) => at >= from && at < from + 950).length).toBeLessThanOrEqual(most);
    await transport.close();
  },
  40_000,
);

test('two keys that lead to one server: a conversation waits for its permit there, and for no other again', async () => {
  const provider: Provider = {
    ...(rankProvider() as ProviderDefinition),
    limits: [{ permits: 20, perMs: 1_000, of: 'calls' }],
    limitKey: ({ unit }) => `registry ${Number(unit.match(/\d+/)![0]) % 2}`,
    *steps(questions) {
      const { unit } = questions[0]!;
      yield [{ method: 'GET', url: 'http://server.test/', limitKey: 'server.test' }];
      return new Map([[`ranks ${unit}`, { outcome: 'ok' as const, numbers: { rank: 1 } }]]);
    },
  };
  const runtime = rig.start({}, provider);
  const results = await Promise.all(Array.from({ length: 20 }, () => runtime.ask(wish(newUnit()))));
  expect(results.map(({ outcome }) => outcome)).toEqual(results.map(() => 'ok'));
  expect(rig.stub.calls).toHaveLength(20);
});
