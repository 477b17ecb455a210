import { builtInProviders, createRegistry } from '@assay/providers';
import { askSources } from './ask-source.js';
import { providerCost, type AskWork } from './provider-cost.js';

const registry = createRegistry(builtInProviders);

function cost(provider: string, units: Record<string, number>, others: string[] = [], rows = 1_000) {
  const works = askSources([...Object.keys(units), ...others], registry)
    .filter(({ ask }) => ask.provider.id === provider)
    .map((source): AskWork => {
      const n = units[source.ask.id]!;
      const keys = [
        { units: n, keys: 1, name: source.ask.provider.limitKey({ surface: source.ask.surface, unit: 'a' }) },
      ];
      return { ...source, rows, fresh: 0, unsupported: 0, units: n, keys };
    });
  return providerCost(works[0]!.ask.provider, works);
}
const same = (n: number) => ({ min: n, likely: n, max: n });

test('asks of one provider share batches, if they fill them; a price of a unit is exact all the same', () => {
  const calls = { min: 4, likely: 4, max: 151 };
  expect(cost('moz', { 'moz.url': 120, 'moz.domain': 31 })).toEqual({
    requests: calls,
    shared: same(0),
    batches: calls,
    units: same(151),
    microUsd: same(755_000),
  });
});

test('a batch of four endpoints is four requests and one price of a call: both as many as there are batches', () => {
  const { requests, microUsd } = cost('dataforseo', { 'dataforseo.domain': 1_001 });
  expect(requests).toEqual({ min: 8, likely: 8, max: 4_004 });
  const least = 2 * 80_000 + 1_001 * 120;
  expect(microUsd).toEqual({ min: least, likely: least, max: 1_001 * 80_120 });
});

test('what sends a unit a call is exact in calls and price, and so is one unit alone', () => {
  const webrisk = cost('webrisk', { webrisk: 130 });
  expect([webrisk.requests, webrisk.microUsd]).toEqual([same(130), same(65_000)]);
  const one = cost('dataforseo', { 'dataforseo.domain': 1 });
  expect([one.requests, one.microUsd]).toEqual([same(4), same(80_120)]);
});

test('three fetchers that each pack for themselves stay within the bounds', () => {
  const { batches, requests, microUsd } = cost('dataforseo', { 'dataforseo.domain': 1_833 });
  const [six, price] = [6, 6 * 80_000 + 1_833 * 120];
  expect([batches.min <= six, six <= batches.max]).toEqual([true, true]);
  expect([requests.min <= 4 * six, 4 * six <= requests.max]).toEqual([true, true]);
  expect([microUsd.min <= price, price <= microUsd.max]).toEqual([true, true]);
});

test('a batch that may hold two indexes takes one request or two', () => {
  const { requests, batches } = cost('majestic', { 'majestic.domain': 200, 'majestic.domain.historic': 200 });
  expect([requests, batches]).toEqual([
    { min: 4, likely: 8, max: 400 },
    { min: 4, likely: 4, max: 400 },
  ]);
});

test('surfaces with limits of their own do not share batches; links take a request each', () => {
  expect(cost('bluesky', { 'bluesky.links': 60 }).requests).toEqual(same(60));
});

test('units that wait for facts take a call each at worst', () => {
  const waiting = cost('moz', { 'moz.url': 120 }, ['page'], 130);
  expect(waiting.requests).toEqual({ min: 0, likely: 3, max: 130 });
  expect(waiting.microUsd).toEqual({ min: 0, likely: 600_000, max: 650_000 });
});

test('redirects are bounds, a shared file counts once for each host', () => {
  const { requests, shared } = cost('page', { page: 10 });
  expect(requests).toEqual({ min: 0, likely: 10, max: 110 });
  expect(shared).toEqual({ min: 0, likely: 1, max: 660 });
});

test('a file that is shared is all that robots asks for; what waits for facts may share as well', () => {
  const robots = cost('robots', { robots: 4 });
  expect([robots.requests, robots.shared]).toEqual([same(0), { min: 0, likely: 4, max: 24 }]);
  const rdap = cost('rdap', { rdap: 2, 'rdap.final': 1 }, ['page'], 3);
  expect([rdap.requests.max, rdap.shared.max]).toEqual([2 * 4 + 3 * 4, 2 + 3]);
});
