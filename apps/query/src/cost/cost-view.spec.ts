import { costView, type CostRecord } from './cost-view.js';

const ID = '019b0000-0000-7000-8000-000000000001';

function record(provider: string, charged: CostRecord['charged'], calls: number, micro: number): CostRecord {
  return {
    provider,
    charged,
    calls: String(calls),
    requests: String(calls * 2),
    units: String(calls * 50),
    micro_usd: String(micro),
  };
}

test('each provider and the total, to the micro-dollar', () => {
  const view = costView(ID, [
    record('moz', 'yes', 3, 750_000),
    record('moz', 'unknown', 1, 100_001),
    record('majestic', 'no', 2, 0),
    record('majestic', 'yes', 1, 200_000),
  ]);
  expect(view.total).toEqual({
    calls: 7,
    requests: 14,
    units: 350,
    price: 1.050001,
    charged: {
      yes: { calls: 4, price: 0.95 },
      no: { calls: 2, price: 0 },
      unknown: { calls: 1, price: 0.100001 },
    },
  });
  expect(view.providers.map(({ provider, calls, price }) => [provider, calls, price])).toEqual([
    ['majestic', 3, 0.2],
    ['moz', 4, 0.850001],
  ]);
});

test('tenths that no float holds are summed without loss', () => {
  const records = Array.from({ length: 1_000 }, (_, i) => record(`p${i}`, 'yes', 1, 100_001));
  expect(costView(ID, records).total.price).toBe(100.001);
});

test('nothing bought costs nothing', () => {
  expect(costView(ID, [])).toMatchObject({ total: { calls: 0, units: 0, price: 0 }, providers: [] });
});
