import { ApiError } from './api-client.js';
import type { ProviderInfo, ProviderLine } from './provider-lines.js';
import { news, ProviderWatch, sayTroubles } from './provider-watch.js';

const PATIENCE = { express: 5_000, bulk: 3_600_000 };
const moz = (state?: string): ProviderInfo => ({
  id: 'moz',
  enabled: true,
  unitsPerCall: 1,
  health: {
    keys: 1,
    troubled: state ? 1 : 0,
    troubles: state ? [{ limitKey: 'moz', state, reason: null, until: null, calls: null, byClass: {} }] : [],
    callsPerMinute: null,
    waiting: null,
    parked: 0,
    lag: null,
  },
});

const line = (id: string, sign: string, text = '') => ({ id, sign, text });

test('news is what has changed: the same trouble with other counts is none, being well again is', () => {
  const said = [line('moz', 'open', '  moz: 5 waiting'), line('page', 'open')];
  expect(news(said, [line('moz', 'open', '  moz: 9 waiting'), line('page', 'open')])).toEqual([]);
  expect(news(said, [line('moz', 'halted', '  moz: halted')])).toEqual([
    '  moz: halted',
    '  page: well again',
  ]);
});

test('who moves into or out of the line for all that are behind has not caught up', () => {
  const [moz, dns, all] = [
    line('moz', 'behind'),
    line('dns', 'behind'),
    line('providers', 'behind', '  4 are'),
  ];
  expect(news([moz, dns], [all])).toEqual(['  4 are']);
  expect(news([all], [moz])).toEqual(['']);
  expect(news([moz, dns], [moz])).toEqual(['  dns: caught up']);
  expect(news([all], [])).toEqual(['  providers: caught up']);
});

test('the API is asked once a second at most; while it is away the last lines stand', async () => {
  let asked = 0;
  const answers = [Promise.resolve([moz('open')]), Promise.reject(new ApiError('away'))];
  const watch = new ProviderWatch({ providers: () => answers[asked++]! }, PATIENCE);
  expect(watch.lines('express', 0)).toEqual([]);
  watch.lines('express', 999);
  await watch.look('express', 0);
  expect(asked).toBe(1);
  expect(watch.lines('express', 999).map(({ text }) => text)).toEqual(['  moz: breaker open']);
  await watch.look('express', 1_000);
  expect(asked).toBe(2);
  expect(watch.lines('express', 1_001)).toHaveLength(1);
});

test('the end of a cool-off is said as what it is; only a closed breaker is well again', async () => {
  let state: string | undefined;
  const watch = new ProviderWatch({ providers: () => Promise.resolve([moz(state)]) }, PATIENCE);
  let said: readonly ProviderLine[] = [];
  const newsOf = async (next: string | undefined, now: number) => {
    state = next;
    await watch.look('bulk', now);
    const lines = watch.lines('bulk', now);
    const fresh = news(said, lines);
    said = lines;
    return fresh;
  };
  expect(await newsOf('open', 1_000)).toEqual(['  moz: breaker open']);
  expect(await newsOf('half_open', 2_000)).toEqual(['  moz: to be tried again']);
  expect(await newsOf('open', 3_000)).toEqual(['  moz: breaker open']);
  expect(await newsOf('half_open', 4_000)).toEqual(['  moz: to be tried again']);
  expect(await newsOf(undefined, 5_000)).toEqual(['  moz: well again']);
});

test('troubles are said while a list runs, and not when none does', async () => {
  const said: string[] = [];
  const once = async (lane: 'bulk' | undefined) => {
    const stop = new AbortController();
    const api = {
      runningLane: () => Promise.resolve(lane),
      providers: () => Promise.resolve([moz('halted')]),
    };
    const saying = sayTroubles(api, PATIENCE, { say: (text) => void said.push(text) }, stop.signal);
    setImmediate(() => stop.abort());
    await saying;
  };
  await once(undefined);
  expect(said).toEqual([]);
  await once('bulk');
  expect(said).toEqual(['  moz: halted, it refuses our key']);
});
