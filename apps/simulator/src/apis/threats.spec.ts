import { DOMAIN_CLASSES } from '../world/domain-class.js';
import { threatsOf } from '../world/threats.js';
import type { Exchange, WireRequest } from '../wire/exchange.js';
import type { Api } from './api.js';
import { phishtank } from './phishtank.js';
import { safebrowsing } from './safebrowsing.js';
import { urlhaus } from './urlhaus.js';
import { virustotal } from './virustotal.js';
import { webrisk } from './webrisk.js';

const at = { anchor: Date.UTC(2026, 10, 1), now: Date.UTC(2026, 10, 24, 12) };
const world = { anchor: at.anchor, now: () => at.now, usedUnits: () => 0 };
const domains = DOMAIN_CLASSES.flatMap((is) => Array.from({ length: 24 }, (_, nth) => `${is}-${nth}.com`));
const urls = [
  'http://testsafebrowsing.appspot.com/s/malware.html',
  'http://testsafebrowsing.appspot.com/s/phishing.html',
  ...domains.flatMap((domain) => [`http://${domain}/`, `https://www.${domain}/a/?q=%20x&r=1`]),
];

function ask(api: Api, given: Partial<WireRequest>): Exchange {
  const base = { method: 'GET', secure: true, host: api.hosts[0] ?? '', path: '/', target: '/', body: '' };
  return api.exchange({ ...base, headers: {}, query: new URLSearchParams(), ...given }, world);
}

/** As JSON.parse gives it: what it holds is for the tests to say. */
type Json = ReturnType<typeof JSON.parse>;

function jsonOf(exchange: Exchange): Json {
  return JSON.parse(String((exchange.refused ?? exchange.answer()).body));
}

/** `undefined`: the provider has nothing about the unit. */
function expectTruth(api: Api, surface: string, unit: string, numbers?: Record<string, unknown>): void {
  const { outcome, numbers: expected } = api.truth(unit, surface, at);
  expect({ unit, outcome, numbers: expected }).toEqual({
    unit,
    outcome: numbers ? 'ok' : 'absent',
    numbers: numbers ?? {},
  });
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

describe('webrisk', () => {
  const types = ['MALWARE', 'SOCIAL_ENGINEERING', 'UNWANTED_SOFTWARE'];
  const call = (uri: string, threatTypes = types, key = 'sim-w', path = '/v1/uris:search') => {
    const query = new URLSearchParams({ uri, key });
    for (const type of threatTypes) query.append('threatTypes', type);
    return ask(webrisk, { path, query });
  };

  test('an empty object for a clean address, else types until a time with nanoseconds', () => {
    const kinds = new Set<string>();
    for (const url of urls) {
      const exchange = call(url);
      expect(exchange.asked).toEqual([{ surface: 'webrisk', unit: url }]);
      const answer = jsonOf(exchange);
      const found: string[] = answer.threat?.threatTypes ?? [];
      if (found.length === 0) expect(answer).toEqual({});
      else {
        expect(answer.threat.expireTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
        expect(Date.parse(answer.threat.expireTime)).toBeGreaterThan(at.now);
      }
      for (const type of found) kinds.add(type);
      const flags = Object.fromEntries(types.map((type) => [type.toLowerCase(), found.includes(type)]));
      expectTruth(webrisk, 'webrisk', url, { threats: found.length, ...flags });
    }
    expect([...kinds].toSorted()).toEqual(types);
  });

  test('only the types that were asked for come back', () => {
    const [malware = '', phishing = ''] = urls;
    expect(jsonOf(call(malware, ['SOCIAL_ENGINEERING']))).toEqual({});
    expect(jsonOf(call(phishing, ['SOCIAL_ENGINEERING'])).threat.threatTypes).toEqual(['SOCIAL_ENGINEERING']);
  });

  test('says no with a Google error', () => {
    const bad = call('http://a.com/', types, 'no');
    expect(jsonOf(bad).error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(jsonOf(bad).error.message).toContain('API key not valid');
    for (const broken of [call(''), call('http://a.com/', []), call('http://a.com/', ['HEARSAY'])])
      expect(jsonOf(broken).error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(call('http://a.com/', types, 'sim-w', '/v1/hashes:search').refused?.status).toBe(404);
    const { words, limit } = call('http://a.com/');
    expect(JSON.parse(String(words.tooMany().body)).error).toMatchObject({
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
    });
    expect(limit?.windows).toEqual([{ permits: 6_000, perMs: 60_000, of: 'calls' }]);
  });
});

describe('urlhaus', () => {
  const call = (kind: string, unit: string, key = 'sim-u', method = 'POST') =>
    ask(urlhaus, {
      method,
      path: `/v1/${kind}/`,
      headers: { ...FORM, 'auth-key': key },
      body: form({ [kind]: unit }),
    });
  const listed = (lists: Record<string, string>) =>
    Object.values(lists).filter((word) => word !== 'not listed').length;
  const iso = (written: string) => {
    expect(written).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    return new Date(`${written.slice(0, 10)}T${written.slice(11, 19)}Z`).toISOString();
  };

  test('a listed URL in the documented form: texts for flags, tags that may be null', () => {
    const tags = new Set<boolean>();
    for (const url of urls) {
      const exchange = call('url', url);
      expect(exchange.asked).toEqual([{ surface: 'urlhaus.url', unit: url }]);
      const answer = jsonOf(exchange);
      if (answer.query_status !== 'ok') {
        expect(answer).toEqual({ query_status: 'no_results' });
        expectTruth(urlhaus, 'urlhaus.url', url);
        continue;
      }
      const host = new URL(url).hostname;
      expect(answer).toMatchObject({ url, host, larted: expect.stringMatching(/^(true|false)$/) });
      expect(answer.id).toMatch(/^\d+$/);
      tags.add(answer.tags === null);
      expectTruth(urlhaus, 'urlhaus.url', url, {
        listed: true,
        online: answer.url_status === 'online',
        threat: answer.threat,
        blacklist_count: listed(answer.blacklists),
        payload_count: answer.payloads.length,
        added_at: iso(answer.date_added),
        ...(answer.tags && { tag_count: answer.tags.length }),
      });
    }
    expect(tags).toEqual(new Set([true, false]));
  });

  test('a listed host counts its URLs in text', () => {
    const outcomes = new Set<string>();
    for (const host of domains.flatMap((domain) => [domain, `www.${domain}`])) {
      const answer = jsonOf(call('host', host));
      outcomes.add(answer.query_status);
      if (answer.query_status === 'no_results') expectTruth(urlhaus, 'urlhaus.host', host);
      else {
        expect(answer).toMatchObject({ host, url_count: expect.stringMatching(/^[1-9]\d*$/) });
        expectTruth(urlhaus, 'urlhaus.host', host, {
          listed: true,
          blacklist_count: listed(answer.blacklists),
          url_count: Number(answer.url_count),
          added_at: iso(answer.firstseen),
        });
      }
    }
    expect(outcomes).toEqual(new Set(['ok', 'no_results']));
  });

  test('refuses keys by status, all else by query_status under 200', () => {
    expect(call('url', 'http://a.com/', '').refused?.status).toBe(401);
    expect(call('url', 'http://a.com/', 'no').refused?.status).toBe(401);
    for (const [exchange, word] of [
      [call('url', ''), 'invalid_url'],
      [call('host', ''), 'invalid_host'],
      [call('url', 'http://a.com/', 'sim-u', 'GET'), 'http_post_expected'],
    ] as const)
      expect([exchange.refused?.status, jsonOf(exchange).query_status]).toEqual([200, word]);
    expect(call('tag', 'emotet').refused?.status).toBe(404);
  });
});

describe('phishtank', () => {
  const call = (fields: Record<string, string>, method = 'POST') =>
    ask(phishtank, {
      method,
      path: '/checkurl/',
      headers: { ...FORM, 'user-agent': 'phishtank/assay' },
      body: form({ format: 'json', app_key: 'sim-p', ...fields }),
    });
  const iso = (zoned: string) => {
    expect(zoned).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    return new Date(zoned).toISOString();
  };

  test('what is in the database is verified or not, valid or not; a phish is all three', () => {
    const seen = new Set<string>();
    for (const url of urls) {
      const exchange = call({ url });
      expect(exchange.asked).toEqual([{ surface: 'phishtank', unit: url }]);
      const { meta, results } = jsonOf(exchange);
      expect(meta.status).toBe('success');
      expect(results.url).toBe(url);
      if (!results.in_database) {
        expectTruth(phishtank, 'phishtank', url);
        continue;
      }
      const { verified, valid, verified_at } = results;
      seen.add(`${verified} ${valid}`);
      const date = verified_at === null ? {} : { verified_at: iso(verified_at) };
      const phish = verified && valid;
      expectTruth(phishtank, 'phishtank', url, { in_database: true, verified, valid, phish, ...date });
    }
    expect(seen.size).toBeGreaterThan(2);
  });

  test('over the limit is 509 with its own headers and no time to come back', () => {
    const { words } = call({ url: 'http://a.com/' });
    expect(words.tooMany()).toMatchObject({
      status: 509,
      headers: {
        'x-request-limit-interval': expect.stringMatching(/^\d+$/),
        'x-request-limit': expect.stringMatching(/^\d+$/),
        'x-request-count': expect.stringMatching(/^\d+$/),
      },
    });
    expect(words.noRetryAfter).toBe(true);
  });

  test('refuses other keys, a missing URL and other methods', () => {
    for (const fields of [{ url: 'http://a.com/', app_key: 'no' }, { url: '' }])
      expect(jsonOf(call(fields))).not.toHaveProperty('results');
    expect(call({ url: 'http://a.com/' }, 'GET').refused?.status).toBe(404);
  });
});

describe('virustotal', () => {
  const call = (path: string, key = 'sim-v', method = 'GET') =>
    ask(virustotal, { method, path: `/api/v3/${path}`, headers: { 'x-apikey': key } });
  const idOf = (url: string) => Buffer.from(url).toString('base64url');

  test('statistics of the last analysis, of a URL by its unpadded id and of a domain', () => {
    for (const [type, surface, units] of [
      ['url', 'virustotal.url', urls],
      ['domain', 'virustotal.domain', domains],
    ] as const) {
      const outcomes = new Set<number>();
      for (const unit of units) {
        const exchange = call(type === 'url' ? `urls/${idOf(unit)}` : `domains/${unit}`);
        expect(exchange.asked).toEqual([{ surface, unit }]);
        const { status } = exchange.answer();
        outcomes.add(status);
        if (status === 404) {
          expect(jsonOf(exchange).error.code).toBe('NotFoundError');
          expectTruth(virustotal, surface, unit);
          continue;
        }
        const { data } = jsonOf(exchange);
        expect(data.type).toBe(type);
        expectTruth(virustotal, surface, unit, numbersOf(data.attributes, type === 'url'));
      }
      expect(outcomes).toEqual(new Set([200, 404]));
    }
  });

  function numbersOf(given: Json, isUrl: boolean): Record<string, unknown> {
    const { timeout, ...stats } = given.last_analysis_stats;
    expect(Object.keys(stats).toSorted()).toEqual(['harmless', 'malicious', 'suspicious', 'undetected']);
    return {
      ...stats,
      timeouts: timeout,
      reputation: given.reputation,
      votes_harmless: given.total_votes.harmless,
      votes_malicious: given.total_votes.malicious,
      analysed_at: new Date(given.last_analysis_date * 1_000).toISOString(),
      ...(isUrl && { times_submitted: given.times_submitted, http_status: given.last_http_response_code }),
    };
  }

  test('four calls a minute, 500 a day that come back at midnight UTC', () => {
    const { words, limit } = call(`urls/${idOf('http://a.com/')}`);
    expect(limit?.windows).toEqual([
      { permits: 4, perMs: 60_000, of: 'calls' },
      { permits: 500, perMs: 86_400_000, of: 'calls', resets: 'utc' },
    ]);
    for (const [answer, code] of [
      [words.tooMany(), 'TooManyRequestsError'],
      [words.exhausted?.(), 'QuotaExceededError'],
    ] as const)
      expect([answer?.status, JSON.parse(String(answer?.body)).error.code]).toEqual([429, code]);
    expect(JSON.parse(String(words.broken(503).body)).error.code).toBe('TransientError');
  });

  test('refuses other keys and padded ids; strange paths do no harm', () => {
    expect(call('domains/a.com', 'no').refused?.status).toBe(401);
    expect(call('urls/aHR0cDovL2EuY29tLw==').refused?.status).toBe(400);
    expect(call('files/abc').refused?.status).toBe(404);
    expect(() => call('domains/%zz').answer()).not.toThrow();
  });
});

test('all of them mean the same URLs as Safe Browsing', () => {
  for (const url of urls) {
    const threats = threatsOf(url);
    const of = (api: Api, surface = api.id) => api.truth(url, surface, at);
    expect(of(safebrowsing).numbers['threats']).toBe(threats.length);
    expect(of(webrisk).numbers['threats']).toBe(threats.length);
    expect(of(urlhaus, 'urlhaus.url').outcome === 'ok').toBe(threats.includes('MALWARE'));
    expect(of(phishtank).outcome === 'ok').toBe(threats.includes('SOCIAL_ENGINEERING'));
    const second = of(virustotal, 'virustotal.url');
    if (second.outcome === 'ok') expect(Number(second.numbers['malicious']) > 1).toBe(threats.length > 0);
  }
});
