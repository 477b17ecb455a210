import { builtInProviders, createRegistry } from '@assay/providers';
import { askSources } from './ask-source.js';
import { permitsWithin, timeFor } from './limit-pace.js';
import { providerLoad } from './provider-load.js';

const DAY = 86_400_000;
const MONTH = { permits: 30_000, perMs: 30 * DAY, of: 'units' } as const;
const registry = createRegistry(builtInProviders);

/** The month's window of one of our keys, `day` days after the epoch's slot 1,000, with so many units a slot ago. */
function windowAt(day: number, taken: Record<number, number>, credentials = 1) {
  const [source] = askSources(['moz.url'], registry);
  const provider = { ...source!.ask.provider, limits: [MONTH] };
  const keys = [{ units: 50_000, keys: 1, name: 'moz' }];
  const work = { ...source!, rows: 50_000, fresh: 0, unsupported: 0, units: 50_000, keys };
  const slots = Array.from({ length: 21 }, (_, age) => taken[age] ?? 0);
  const used = slots.reduce((a, b) => a + b);
  const state = {
    windows: [{ ms: MONTH.perMs, of: 'units', kind: 'sliding', slot: 1_013, taken: slots, used }],
  };
  const permits = [{ provider: 'moz', limit_key: 'moz', credential: 0, state }];
  const now = 1_000 * 1.5 * DAY + day * DAY;
  return providerLoad(provider, [work], { credentials, factor: 1, permits }, now).keys[0]!.windows[0]!;
}

test('a month that slides: what was taken on day 20 still counts when that of day 0 is back', () => {
  // A slot is a day and a half: day 0 is thirteen slots before that of day 20.
  const taken = { 13: 10, 0: 29_000 };
  const leftOn = (day: number) => windowAt(day, taken).left;
  expect([20, 31, 33, 45, 50.9, 51.1].map(leftOn)).toEqual([990, 990, 1_000, 1_000, 1_000, 30_000]);
  const onDay33 = windowAt(33, taken);
  const within = (days: number) => permitsWithin(onDay33, days * DAY, 'bulk');
  expect([0, 17.9, 18.1, 30].map(within)).toEqual([1_000, 1_000, 30_000, 31_000]);
});

test('of two keys the one of which no row tells has its whole month', () => {
  const window = windowAt(33, { 0: 29_000 }, 2);
  expect(window.left).toBe(31_000);
  expect([0, 18.1, 30].map((days) => permitsWithin(window, days * DAY, 'bulk'))).toEqual([
    31_000, 60_000, 91_000,
  ]);
});

/** Permits that so many units of one ask take, and milliseconds until the last of them is there. */
function paceOf(ask: string, units: number) {
  const [source] = askSources([ask], registry);
  const { provider } = source!.ask;
  const keys = [{ units, keys: 1, name: provider.id }];
  const work = { ...source!, rows: units, fresh: 0, unsupported: 0, units, keys };
  const [key] = providerLoad(provider, [work], { credentials: 1, factor: 1, permits: [] }, 0).keys;
  return { permits: key!.permits, ms: timeFor(key!.windows[0]!, key!.permits, 'bulk') };
}

test('each step of a conversation takes a permit, and a batch all that it may take', () => {
  // Two requests a unit, five in a second.
  expect(paceOf('wikipedia.host', 1_000)).toEqual({ permits: 2_000, ms: expect.closeTo(1_999 * 220, 0) });
  // Ten batches of a hundred; one that asked both indexes would be two calls of two in two seconds.
  expect(paceOf('majestic.domain', 1_000)).toEqual({ permits: 20, ms: expect.closeTo(19 * 1_050, 0) });
  expect(paceOf('tranco', 100).permits).toBe(100);
});
