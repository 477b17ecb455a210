import type { TruthValue } from '../truth/expected.js';
import { DOMAIN_CLASSES } from '../world/domain-class.js';
import type { Exchange, WireRequest } from '../wire/exchange.js';
import { ahrefs } from './ahrefs.js';
import type { Api } from './api.js';
import { dataforseo } from './dataforseo.js';
import { majestic } from './majestic.js';
import { mozMetrics } from './moz-metrics.js';
import { semrush } from './semrush.js';

type Row = Record<string, unknown>;
const UNKNOWN = new Set<unknown>([undefined, null, '']);
const at = { anchor: Date.UTC(2026, 10, 1), now: Date.UTC(2026, 10, 24) };
const world = { anchor: at.anchor, now: () => at.now, usedUnits: () => 0 };
const domains = DOMAIN_CLASSES.flatMap((is) => [1, 2, 3].map((nth) => `${is}-${nth}.com`));
const hosts = domains.map((domain) => `www.${domain}`);
const urls = domains.flatMap((domain) => [`https://${domain}/`, `https://www.${domain}/a/b?c=d`]);

function ask(api: Api, given: Partial<WireRequest> & { query?: URLSearchParams }): Exchange {
  const base = { method: 'POST', secure: true, host: api.hosts[0] ?? '', path: '/', target: '/', body: '' };
  return api.exchange({ ...base, headers: {}, query: new URLSearchParams(), ...given }, world);
}

function textOf(exchange: Exchange): string {
  return String((exchange.refused ?? exchange.answer()).body);
}

/** As JSON.parse gives it: what it holds is for the tests to say. */
type Json = ReturnType<typeof JSON.parse>;

function jsonOf(exchange: Exchange): Json {
  return JSON.parse(textOf(exchange));
}

/** What a client ends with, from numbers under the provider's names: null and '' are left out. */
function read(row: Row, names: Readonly<Record<string, string>>): Record<string, unknown> {
  const known = Object.entries(names).filter(([name]) => !UNKNOWN.has(row[name]));
  return Object.fromEntries(known.map(([name, id]) => [id, row[name]]));
}

function expectTruth(api: Api, surface: string, unit: string, read_: Record<string, unknown>): void {
  const truth = api.truth(unit, surface, at);
  expect([unit, truth.numbers]).toEqual([unit, read_ as Record<string, TruthValue>]);
  expect(truth.outcome).toBe(Object.keys(read_).length === 0 ? 'absent' : 'ok');
}

describe('majestic', () => {
  const call = (items: readonly string[], more: Record<string, string> = {}) => {
    const named = Object.fromEntries(items.map((item, nth) => [`item${nth}`, item]));
    const head = { app_api_key: 'sim-m', cmd: 'GetIndexItemInfo', datasource: 'fresh' };
    const form = new URLSearchParams({ ...head, items: String(items.length), ...named, ...more });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return ask(majestic, { path: '/api/json', headers, body: form.toString() });
  };
  const counts = {
    ExtBackLinks: 'backlinks',
    NonUniqueLinkTypeNoFollow: 'nofollow_backlinks',
    RefDomains: 'referring_domains',
    RefIPs: 'referring_ips',
    RefSubNets: 'referring_subnets',
    RefDomainsEDU: 'referring_domains_edu',
    RefDomainsGOV: 'referring_domains_gov',
    IndexedURLs: 'indexed_urls',
    OutDomainsExternal: 'out_domains',
    OutLinksExternal: 'out_links',
    CitationFlow: 'citation_flow',
    TrustFlow: 'trust_flow',
    TopicalTrustFlow_Value_0: 'topic_trust_flow',
  };

  test('rows in the documented form, texts and numbers mixed; the truth agrees', () => {
    for (const datasource of ['fresh', 'historic']) {
      const items = [...domains, ...hosts, ...urls];
      const answer = jsonOf(call(items, { datasource }));
      expect(answer).toMatchObject({ Code: 'OK', IndexBuildDate: expect.any(String) });
      const rows = answer.DataTables.Results.Data as Row[];
      expect(rows.map(({ ItemNum, Item }) => [ItemNum, Item])).toEqual([...items.entries()]);
      for (const row of rows) {
        const unit = String(row['Item']);
        const numbers = Object.entries(read(row, counts)).map(([id, value]) => [id, Number(value)]);
        const texts = read(row, { Title: 'title', TopicalTrustFlow_Topic_0: 'topic' });
        const estimated = row['Status'] === 'MayExist';
        const all = { ...Object.fromEntries(numbers), ...texts, estimated };
        const surface = datasource === 'fresh' ? 'majestic.domain' : 'majestic.domain.historic';
        expectTruth(majestic, surface, unit, row['Status'] === 'NotFound' ? {} : all);
      }
    }
  });

  test('surfaces, and refusals under status 200', () => {
    const { asked } = call(['popular-1.com', 'www.popular-1.com', 'https://popular-1.com/']);
    expect(asked.map(({ surface }) => surface)).toEqual(['majestic.domain', 'majestic.host', 'majestic.url']);
    const [historic] = call(['popular-1.com'], { datasource: 'historic' }).asked;
    expect(historic?.surface).toBe('majestic.domain.historic');
    const bad = call(['popular-1.com'], { app_api_key: 'no' });
    expect([bad.refused?.status, jsonOf(bad).Code]).toEqual([200, 'InvalidAPIKey']);
    expect(JSON.parse(String(bad.words.exhausted?.().body)).Code).toBe('InsufficientIndexItemInfoUnits');
    for (const broken of [call(['a.com'], { items: '2' }), call(Array(101).fill('a.com'))])
      expect(jsonOf(broken).Code).not.toBe('OK');
  });
});

describe('ahrefs', () => {
  const select = ['url_rating', 'domain_rating', 'ahrefs_rank', 'backlinks', 'refdomains', 'org_traffic'];
  const call = (units: readonly string[], mode: string, key = 'sim-a') =>
    ask(ahrefs, {
      path: '/v3/batch-analysis/batch-analysis',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ select, targets: units.map((url) => ({ url, mode, protocol: 'both' })) }),
    });
  const names = { refdomains: 'referring_domains', org_traffic: 'organic_traffic' };

  test('rows follow the input, all null where the index holds nothing; the truth agrees', () => {
    for (const [mode, surface, units] of [
      ['exact', 'ahrefs.url', urls],
      ['subdomains', 'ahrefs.domain', domains],
    ] as const) {
      const exchange = call(units, mode);
      expect(exchange.asked).toEqual(units.map((unit) => ({ surface, unit })));
      const rows = jsonOf(exchange).targets as Row[];
      expect(rows.map(({ index, url }) => [index, url])).toEqual([...units.entries()]);
      for (const row of rows) {
        if (mode !== 'exact') expect(row['url_rating']).toBeNull();
        const ids = Object.fromEntries(select.map((name) => [name, names[name as never] ?? name]));
        expectTruth(ahrefs, surface, String(row['url']), read(row, ids));
      }
    }
  });

  test('refuses keys, too many targets and a batch with one bad target; never says when to come back', () => {
    expect(jsonOf(call(['a.com'], 'exact', 'no'))).toEqual({ error: 'Unauthorized' });
    expect(call(['a.com'], 'exact', 'no').refused?.status).toBe(401);
    for (const units of [Array(101).fill('a.com'), ['a.com', 'not a site'], []])
      expect(call(units, 'exact').refused?.status).toBe(400);
    const { words, limit } = call(['a.com'], 'exact');
    expect([words.tooMany().status, words.noRetryAfter]).toEqual([429, true]);
    expect(limit?.windows).toContainEqual({ permits: 60, perMs: 60_000, of: 'calls' });
  });
});

describe('dataforseo', () => {
  const login = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const call = (endpoint: string, targets: readonly string[], who = 'sim-d:secret') =>
    ask(dataforseo, {
      path: `/v3/backlinks/${endpoint}/live`,
      headers: { authorization: login(who) },
      body: JSON.stringify([{ targets, rank_scale: 'one_hundred' }]),
    });
  const endpoints = ['bulk_ranks', 'bulk_spam_score', 'bulk_backlinks', 'bulk_referring_domains'];

  test('one task with items by target; four endpoints together are the truth', () => {
    const units = [...domains, ...hosts, ...urls];
    const merged = new Map<string, Row>();
    for (const endpoint of endpoints) {
      const answer = jsonOf(call(endpoint, units));
      const [task] = answer.tasks;
      expect(answer).toMatchObject({ status_code: 20_000, tasks_count: 1, tasks_error: 0 });
      expect(task).toMatchObject({ status_code: 20_000, path: ['v3', 'backlinks', endpoint, 'live'] });
      for (const { target, ...rest } of task.result[0].items as (Row & { target: string })[])
        merged.set(target, { ...merged.get(target), ...rest });
    }
    expect([...merged.keys()].toSorted()).toEqual(units.toSorted());
    for (const [unit, row] of merged) {
      const same = Object.fromEntries(Object.keys(row).map((name) => [name, name]));
      expectTruth(dataforseo, 'dataforseo.domain', unit, read(row, same));
    }
  });

  test('surfaces by target; refusals stand in status_code under 200', () => {
    const { asked } = call('bulk_ranks', ['popular-1.com', 'www.popular-1.com', 'https://popular-1.com/']);
    expect(asked.map(({ surface }) => surface)).toEqual([
      'dataforseo.domain',
      'dataforseo.host',
      'dataforseo.url',
    ]);
    const bad = call('bulk_ranks', ['a.com'], 'somebody:secret');
    expect([bad.refused?.status, jsonOf(bad).status_code]).toEqual([200, 40_100]);
    const many = jsonOf(call('bulk_ranks', Array(1_001).fill('a.com')));
    expect([many.status_code, many.tasks[0].result]).toEqual([20_000, null]);
    expect(many.tasks[0].status_code).not.toBe(20_000);
  });
});

describe('semrush', () => {
  const names = {
    ascore: 'authority_score',
    total: 'backlinks',
    domains_num: 'referring_domains',
    urls_num: 'referring_urls',
    ips_num: 'referring_ips',
    follows_num: 'follow_links',
    nofollows_num: 'nofollow_links',
  };
  const call = (target: string, target_type: string, key = 'sim-s') => {
    const export_columns = Object.keys(names).join(',');
    const query = { key, type: 'backlinks_overview', target, target_type, export_columns };
    return ask(semrush, { method: 'GET', path: '/analytics/v1/', query: new URLSearchParams(query) });
  };

  test('a line of names and a line of values, or ERROR 50; the truth agrees', () => {
    for (const [type, surface, units] of [
      ['root_domain', 'semrush.domain', domains],
      ['url', 'semrush.url', urls],
    ] as const)
      for (const unit of units) {
        const exchange = call(unit, type);
        expect(exchange.asked).toEqual([{ surface, unit }]);
        const [head = '', values = ''] = textOf(exchange).trim().split(/\r?\n/);
        if (head.startsWith('ERROR')) {
          expect(head).toBe('ERROR 50 :: NOTHING FOUND');
          expectTruth(semrush, surface, unit, {});
          continue;
        }
        const columns = head.split(';');
        const row = Object.fromEntries(values.split(';').map((value, nth) => [columns[nth], Number(value)]));
        expectTruth(semrush, surface, unit, read(row, names));
      }
  });

  test('errors are text under status 200', () => {
    const bad = call('a.com', 'root_domain', 'no');
    expect([bad.refused?.status, textOf(bad)]).toEqual([200, 'ERROR 120 :: WRONG KEY - ID PAIR']);
    expect(String(bad.words.exhausted?.().body)).toMatch(/^ERROR 132 /);
    expect(textOf(call('', 'root_domain'))).toMatch(/^ERROR \d+ /);
    expect(textOf(call('a.com', 'galaxy'))).toMatch(/^ERROR \d+ /);
  });
});

test('every index sees the referring domains of a domain that Moz sees, give or take 30 %', () => {
  for (const domain of domains) {
    const moz = mozMetrics(domain, 'domain')?.['root_domains_to_root_domain'];
    for (const api of [majestic, ahrefs, dataforseo, semrush]) {
      const seen = api.truth(domain, `${api.id}.domain`, at).numbers['referring_domains'];
      if (moz === undefined) expect(seen).toBeUndefined();
      else if (seen !== undefined)
        expect(Math.abs(Number(seen) - Number(moz))).toBeLessThanOrEqual(1 + 0.3 * Number(moz));
    }
  }
});
