import { builtInProviders } from '@assay/providers';
import { quality } from './quality.js';
import { QUALITY_SIGNALS } from './quality-signals.js';
import { spam } from './spam.js';

/** Notes which metrics are read. */
function watched() {
  const read = new Set<string>();
  const asks = builtInProviders.flatMap((provider) => provider.asks.map(({ id }) => id));
  const watch = (ask: string) =>
    new Proxy({ any: 1 } as Record<string, number>, {
      get: (_, metric) => {
        read.add(`${ask} ${String(metric)}`);
        return undefined;
      },
    });
  return { read, numbers: Object.fromEntries(asks.map((ask) => [ask, watch(ask)])) };
}

test('every signal reads a metric that some provider gives', () => {
  const known = new Set(
    builtInProviders.flatMap(({ asks, metrics }) =>
      asks.flatMap(({ id }) => metrics.map((metric) => `${id} ${metric.id}`)),
    ),
  );
  const { read, numbers } = watched();
  quality(numbers);
  spam({ url: 'http://a.test/', host: 'a.test', domain: 'a.test', numbers });
  expect([...read].filter((name) => !known.has(name))).toEqual([]);
  expect(read.size).toBeGreaterThan(QUALITY_SIGNALS.length);
});
