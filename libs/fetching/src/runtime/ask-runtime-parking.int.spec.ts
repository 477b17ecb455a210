import { rankProvider } from './runtime.fixture.js';
import { SpecRig, wish } from './spec-rig.fixture.js';

let rig: SpecRig;

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const ONE_A_SECOND = [{ permits: 1, perMs: 1_000, of: 'calls' as const }];

test('rows that wait for their host are parked, those of other hosts are not', async () => {
  const given = { limits: ONE_A_SECOND, concurrencyPerKey: 1 };
  const provider = { ...rankProvider(given), limitKey: ({ unit }: { unit: string }) => unit.split('.')[1]! };
  const runtime = rig.start({}, provider);
  const parked: string[] = [];
  const ask = (unit: string) => runtime.ask(wish(unit, { patienceMs: 4_000, park: () => parked.push(unit) }));
  const slow = ['a.slow', 'b.slow', 'c.slow', 'd.slow'].map(ask);
  const quick = ['a.one', 'a.two'].map(ask);
  await Promise.all(quick);
  expect(parked).toEqual(['b.slow', 'c.slow', 'd.slow']);
  for (const { outcome } of await Promise.all(slow)) expect(outcome).toBe('ok');
});

test('a provider with one limit for all parks nobody: whoever comes waits for the same', async () => {
  const runtime = rig.start({ limits: ONE_A_SECOND });
  let parked = 0;
  const asks = Array.from({ length: 3 }, () => runtime.ask(wish(rig.newUnit(), { park: () => parked++ })));
  await Promise.all(asks);
  expect(parked).toBe(0);
});
