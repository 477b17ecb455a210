import { DOMAIN_CLASSES, strengthOf } from '../world/domain-class.js';
import type { Exchange, WireRequest } from '../wire/exchange.js';
import { ahrefs, ahrefsDr } from './ahrefs.js';
import type { Api } from './api.js';
import { apiFor } from './index.js';
import { radar } from './radar.js';
import { tranco } from './tranco.js';

const DAY = 86_400_000;
const at = { anchor: Date.UTC(2026, 10, 1), now: Date.UTC(2026, 10, 24) };
const world = { anchor: at.anchor, now: () => at.now, usedUnits: () => 0 };
const domains = [
  'wikipedia.org',
  'google.com',
  ...DOMAIN_CLASSES.flatMap((is) => Array.from({ length: 40 }, (_, nth) => `${is}-${nth}.com`)),
];

function request(host: string, given: Partial<WireRequest>): WireRequest {
  const base = { method: 'GET', secure: true, host, path: '/', target: '/', body: '' };
  return { ...base, headers: {}, query: new URLSearchParams(), ...given };
}

/** As JSON.parse gives it: what it holds is for the tests to say. */
type Json = ReturnType<typeof JSON.parse>;

function jsonOf(exchange: Exchange): Json {
  return JSON.parse(String((exchange.refused ?? exchange.answer()).body));
}

/** `undefined`: the provider has nothing about the unit. */
function expectTruth(api: Api, unit: string, numbers?: Record<string, unknown>): void {
  const { outcome, numbers: expected } = api.truth(unit, api.id, at);
  expect({ unit, outcome, numbers: expected }).toEqual({
    unit,
    outcome: numbers ? 'ok' : 'absent',
    numbers: numbers ?? {},
  });
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('tranco', () => {
  const call = (domain: string, given: Partial<WireRequest> = {}) =>
    tranco.exchange(request('tranco-list.eu', { path: `/api/ranks/domain/${domain}`, ...given }), world);

  test('ranks by day with gaps, none for most; the truth counts thirty days from the newest', () => {
    const lengths = new Set<number>();
    for (const domain of domains) {
      const exchange = call(domain);
      expect(exchange.asked).toEqual([{ surface: 'tranco', unit: domain }]);
      const answer = jsonOf(exchange) as { domain: string; ranks: { date: string; rank: number }[] };
      expect(answer.domain).toBe(domain);
      lengths.add(answer.ranks.length);
      const times = answer.ranks.map(({ date }) => Date.parse(`${date}T00:00:00Z`));
      expect(new Set(times).size).toBe(times.length);
      if (times.length > 0) expect(Math.max(...times)).toBeLessThanOrEqual(at.now);
      expectTruth(tranco, domain, answer.ranks.length === 0 ? undefined : numbersOf(answer.ranks, times));
    }
    expect(lengths).toContain(0);
    expect(lengths.size).toBeGreaterThan(2);
  });

  function numbersOf(
    ranks: readonly { rank: number }[],
    times: readonly number[],
  ): Record<string, number | undefined> {
    const newest = Math.max(...times);
    const recent = ranks.filter((_, nth) => newest - (times[nth] ?? 0) < 30 * DAY).map(({ rank }) => rank);
    return {
      rank: ranks[times.indexOf(newest)]?.rank,
      best_rank_30d: Math.min(...recent),
      worst_rank_30d: Math.max(...recent),
      days_ranked_30d: recent.length,
    };
  }

  test('a subdomain has no rank; other paths are 404, and nobody needs a key', () => {
    expect(jsonOf(call('www.wikipedia.org'))).toEqual({ ranks: [], domain: 'www.wikipedia.org' });
    expect(call('a.com', { path: '/api/ranks/a.com' }).refused?.status).toBe(404);
    expect(call('a.com', { method: 'POST' }).refused?.status).toBe(404);
    const { words, limit } = call('a.com');
    expect(words.tooMany().status).toBe(429);
    expect(limit).toEqual({ key: 'tranco', windows: [{ permits: 1, perMs: 1_000, of: 'calls' }] });
    expect(() => call('%zz').answer()).not.toThrow();
  });
});

describe('radar', () => {
  const call = (domain: string, key = 'sim-r', given: Partial<WireRequest> = {}) =>
    radar.exchange(
      request('api.cloudflare.com', {
        path: `/client/v4/radar/ranking/domain/${domain}`,
        query: new URLSearchParams({ rankingType: 'POPULAR', format: 'JSON' }),
        headers: bearer(key),
        ...given,
      }),
      world,
    );

  test('a rank for the first hundred alone, else a ceiling or a floor in text', () => {
    const forms = new Set<string>();
    for (const domain of domains) {
      const exchange = call(domain);
      expect(exchange.asked).toEqual([{ surface: 'radar', unit: domain }]);
      if (exchange.answer().status === 404) {
        expect(jsonOf(exchange).success).toBe(false);
        expectTruth(radar, domain);
        forms.add('none');
        continue;
      }
      const { result, success } = jsonOf(exchange);
      expect(success).toBe(true);
      expect(Date.parse(result.meta.dateRange[0].endTime)).toBeLessThan(at.now);
      const { rank, bucket, categories } = result.details_0;
      expect(bucket).toMatch(/^>?\d+$/);
      if (rank !== undefined) expect(rank).toBeLessThanOrEqual(100);
      forms.add(rank === undefined ? bucket.replace(/\d+/, 'n') : 'rank');
      const names = categories.map(({ name }: { name: string }) => name);
      expectTruth(radar, domain, {
        ...(rank !== undefined && { rank }),
        ...(bucket.startsWith('>')
          ? { rank_above: Number(bucket.slice(1)) }
          : { rank_at_most: Number(bucket) }),
        category_count: names.length,
        ...(names.length > 0 && { categories: names.join(', ') }),
      });
    }
    expect([...forms].toSorted()).toEqual(['>n', 'n', 'none', 'rank']);
  });

  test('refuses keys with 403 and code 10000, other paths with 404', () => {
    const bad = call('a.com', 'no');
    expect(bad.refused?.status).toBe(403);
    expect(jsonOf(bad)).toMatchObject({
      success: false,
      errors: [{ code: 10_000, message: 'Authentication error' }],
    });
    expect(call('a.com', 'sim-r', { headers: {} }).refused?.status).toBe(403);
    expect(call('a.com', 'sim-r', { path: '/client/v4/radar/ranking/top' }).refused?.status).toBe(404);
    expect(call('a.com').limit?.windows).toEqual([{ permits: 1_200, perMs: 300_000, of: 'calls' }]);
    expect(() => call('%zz').answer()).not.toThrow();
  });
});

describe('ahrefs-dr', () => {
  const host = ahrefs.hosts[0] ?? '';
  const call = (target: string, given: Partial<WireRequest> = {}) => {
    const query = new URLSearchParams({ target, output: 'json' });
    const asked = request(host, { path: '/v3/public/domain-rating-free', query, ...given });
    return apiFor(asked)?.exchange(asked, world) as Exchange;
  };

  test('one number inside an object of its own name, with or without a key', () => {
    expect(host).toBe('api.ahrefs.com');
    const isRated = new Set<boolean>();
    for (const domain of domains) {
      const exchange = call(domain, { headers: bearer('sim-a') });
      expect([exchange.provider, exchange.asked]).toEqual([
        'ahrefs-dr',
        [{ surface: 'ahrefs-dr', unit: domain }],
      ]);
      const answer = jsonOf(exchange);
      expect(jsonOf(call(domain))).toEqual(answer);
      const { domain_rating } = answer.domain_rating;
      isRated.add(domain_rating !== null);
      if (domain_rating !== null) expect(domain_rating >= 0 && domain_rating <= 100).toBe(true);
      expectTruth(ahrefsDr, domain, domain_rating === null ? undefined : { domain_rating });
    }
    expect(isRated).toEqual(new Set([true, false]));
  });

  test('a key that is sent must be good; once a second', () => {
    expect(call('a.com', { headers: bearer('no') }).refused?.status).toBe(401);
    expect(call('').refused?.status).toBe(400);
    expect(call('a.com', { method: 'POST' }).refused?.status).toBe(400);
    expect(call('a.com').limit?.windows).toEqual([{ permits: 1, perMs: 1_000, of: 'calls' }]);
  });
});

test('a domain that is strong stands higher than a weak one with all of them', () => {
  const everywhere = domains.filter((domain) =>
    [tranco, radar, ahrefsDr].every((api) => api.truth(domain, api.id, at).outcome === 'ok'),
  );
  const byStrength = everywhere.toSorted((a, b) => strengthOf(b) - strengthOf(a));
  const [strong = '', weak = ''] = [byStrength[0], byStrength.at(-1)];
  const of = (api: Api, unit: string, name: string) => Number(api.truth(unit, api.id, at).numbers[name]);
  const ceiling = (unit: string) => of(radar, unit, 'rank_at_most') || Infinity;
  expect(of(tranco, strong, 'rank')).toBeLessThan(of(tranco, weak, 'rank'));
  expect(ceiling(strong)).toBeLessThan(ceiling(weak));
  expect(of(ahrefsDr, strong, 'domain_rating')).toBeGreaterThan(of(ahrefsDr, weak, 'domain_rating'));
});
