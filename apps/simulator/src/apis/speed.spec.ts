import { DOMAIN_CLASSES } from '../world/domain-class.js';
import type { Exchange, WireRequest } from '../wire/exchange.js';
import type { Api } from './api.js';
import { crux } from './crux.js';
import { greenweb } from './greenweb.js';
import { observatory } from './observatory.js';
import { pagespeed } from './pagespeed.js';

const UNKNOWN = new Set<unknown>([undefined, null, '']);
const at = { anchor: Date.UTC(2026, 10, 1), now: Date.UTC(2026, 10, 24) };
const world = { anchor: at.anchor, now: () => at.now, usedUnits: () => 0 };
const hosts = DOMAIN_CLASSES.flatMap((is) =>
  Array.from({ length: 20 }, (_, nth) => `${nth % 2 ? 'www.' : ''}${is}-${nth}.com`),
);
const urls = hosts.flatMap((host, nth) => [`https://${host}/`, `https://${host}/a/${nth}`]);

function ask(api: Api, given: Partial<WireRequest>): Exchange {
  const base = { method: 'GET', secure: true, host: api.hosts[0] ?? '', path: '/', target: '/', body: '' };
  return api.exchange({ ...base, headers: {}, query: new URLSearchParams(), ...given }, world);
}

/** As JSON.parse gives it: what it holds is for the tests to say. */
type Json = ReturnType<typeof JSON.parse>;

function jsonOf(exchange: Exchange): Json {
  return JSON.parse(String((exchange.refused ?? exchange.answer()).body));
}

/** Numbers the provider left out are left out. */
function known(numbers: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => !UNKNOWN.has(value)));
}

describe('pagespeed', () => {
  const call = (url: string, strategy: string, more = 'key=sim-p') => {
    const categories = ['PERFORMANCE', 'SEO', 'ACCESSIBILITY', 'BEST_PRACTICES'];
    const query = new URLSearchParams(`${more}&${categories.map((name) => `category=${name}`).join('&')}`);
    query.set('url', url);
    if (strategy) query.set('strategy', strategy);
    return ask(pagespeed, { path: '/pagespeedonline/v5/runPagespeed', query });
  };

  function numbersOf(answer: Json): Record<string, unknown> {
    const { categories, audits } = answer.lighthouseResult;
    const score = (name: string) =>
      categories[name].score === null ? undefined : Math.round(categories[name].score * 100);
    const field = answer.loadingExperience.metrics;
    return known({
      performance: score('performance'),
      accessibility: score('accessibility'),
      best_practices: score('best-practices'),
      seo: score('seo'),
      lab_lcp_ms: audits['largest-contentful-paint'].numericValue,
      lab_cls: audits['cumulative-layout-shift'].numericValue,
      lab_tbt_ms: audits['total-blocking-time'].numericValue,
      lab_ttfb_ms: audits['server-response-time'].numericValue,
      field_lcp_ms: field?.LARGEST_CONTENTFUL_PAINT_MS?.percentile,
      field_inp_ms: field?.INTERACTION_TO_NEXT_PAINT?.percentile,
      field_cls: field && field.CUMULATIVE_LAYOUT_SHIFT_SCORE.percentile / 100,
      field_verdict: answer.loadingExperience.overall_category,
      field_is_origin: answer.loadingExperience.origin_fallback,
    });
  }

  test.each(['mobile', 'desktop'])('a run on %s, or what Lighthouse says of the page', (strategy) => {
    const surface = `pagespeed.${strategy}`;
    for (const unit of urls) {
      const exchange = call(unit, strategy);
      expect(exchange.asked).toEqual([{ surface, unit }]);
      const { outcome, reason, numbers } = pagespeed.truth(unit, surface, at);
      const answer = jsonOf(exchange);
      if (outcome === 'ok') expect([unit, numbersOf(answer)]).toEqual([unit, numbers]);
      else if (answer.error)
        expect(answer.error).toMatchObject({ code: 500, message: expect.stringContaining(`: ${reason}`) });
      else expect(answer.lighthouseResult.runtimeError.code).toBe(reason);
    }
  });

  test('slow, on the desktop unless told otherwise, and strict about its key and address', () => {
    const { slowMs, asked, limit } = call('https://popular-1.com/', '');
    expect(slowMs).toBeGreaterThan(0);
    expect(slowMs).toBe(call('https://popular-1.com/', '').slowMs);
    expect(asked[0]?.surface).toBe('pagespeed.desktop');
    expect(limit?.windows).toMatchObject([{ permits: 240, perMs: 60_000 }, { permits: 25_000 }]);
    const bad = jsonOf(call('https://popular-1.com/', 'mobile', 'key=no')).error;
    expect(bad).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(bad.message).toContain('API key not valid');
    expect(call('popular-1.com', 'mobile').refused?.status).toBe(400);
  });
});

describe('crux', () => {
  const call = (body: object, key = 'sim-c') =>
    ask(crux, {
      method: 'POST',
      path: '/v1/records:queryRecord',
      query: new URLSearchParams({ key }),
      body: JSON.stringify(body),
    });

  test.each(['url', 'origin'])('records of an %s: layout shift as text; most have none', (kind) => {
    const units = kind === 'url' ? urls : hosts.map((host) => `https://${host}`);
    const outcomes = new Set<string>();
    for (const unit of units) {
      const exchange = call({ [kind]: unit });
      expect(exchange.asked).toEqual([{ surface: `crux.${kind}`, unit }]);
      const { outcome, numbers } = crux.truth(unit, `crux.${kind}`, at);
      outcomes.add(outcome);
      const { error, record } = jsonOf(exchange);
      if (outcome === 'absent') {
        expect(error).toEqual({
          code: 404,
          message: 'chrome ux report data not found',
          status: 'NOT_FOUND',
        });
        continue;
      }
      const { largest_contentful_paint: lcp, interaction_to_next_paint: inp } = record.metrics;
      const { cumulative_layout_shift: cls, experimental_time_to_first_byte: ttfb } = record.metrics;
      expect(cls.percentiles.p75).toMatch(/^\d+\.\d\d$/);
      expect(record.collectionPeriod.lastDate).toEqual({
        year: expect.any(Number),
        month: expect.any(Number),
        day: expect.any(Number),
      });
      for (const { histogram } of [lcp, inp, cls]) {
        const sum = histogram.reduce((all: number, { density }: { density: number }) => all + density, 0);
        expect(sum).toBeCloseTo(1, 3);
      }
      expect([unit, numbers]).toEqual([
        unit,
        known({
          lcp_ms: lcp.percentiles.p75,
          inp_ms: inp.percentiles.p75,
          cls: Number(cls.percentiles.p75),
          ttfb_ms: ttfb?.percentiles.p75,
          lcp_good: lcp.histogram[0].density,
          inp_good: inp.histogram[0].density,
          cls_good: cls.histogram[0].density,
        }),
      ]);
    }
    expect([...outcomes].toSorted()).toEqual(['absent', 'ok']);
  });

  test('refuses bad keys and requests, allows 150 a minute', () => {
    expect(jsonOf(call({ url: 'https://a.com/' }, 'no')).error.message).toContain('API key not valid');
    expect(call({}).refused?.status).toBe(400);
    expect(call({ url: 'https://a.com/' }).limit?.windows).toEqual([
      { permits: 150, perMs: 60_000, of: 'calls' },
    ]);
    expect(call({}).words.tooMany().status).toBe(429);
  });
});

test('observatory: a grade of ten tests, or what keeps the host from being scanned', () => {
  for (const host of hosts) {
    const exchange = ask(observatory, {
      method: 'POST',
      path: '/api/v2/scan',
      query: new URLSearchParams({ host }),
    });
    expect(exchange.asked).toEqual([{ surface: 'observatory', unit: host }]);
    const { outcome, reason, numbers } = observatory.truth(host, 'observatory', at);
    const { score, grade, tests_failed, tests_passed, tests_quantity, ...rest } = jsonOf(exchange);
    if (outcome === 'absent') {
      expect(rest.error).toBe(reason);
      continue;
    }
    expect(rest).toMatchObject({ error: null, scanned_at: expect.stringMatching(/Z$/) });
    expect(tests_failed + tests_passed).toBe(tests_quantity);
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(145);
    expect(numbers).toEqual({ score, grade, tests_failed, tests_passed, tests_quantity });
  }
});

describe('greenweb', () => {
  const multi = (list: readonly string[]) =>
    ask(greenweb, { path: `/v2/greencheckmulti/${encodeURIComponent(JSON.stringify(list))}` });

  test('rows by host; who hosts it stands where it is green', () => {
    const exchange = multi(hosts);
    expect(exchange.asked).toEqual(hosts.map((unit) => ({ surface: 'greenweb', unit })));
    const rows = jsonOf(exchange);
    expect(Object.keys(rows).toSorted()).toEqual(hosts.toSorted());
    for (const host of hosts) {
      const { url, green, hosted_by } = rows[host];
      expect(url).toBe(host);
      expect(greenweb.truth(host, 'greenweb', at).numbers).toEqual(known({ green, hosted_by }));
    }
    expect(new Set(hosts.map((host) => rows[host].green)).size).toBe(2);
  });

  test('one host; no more than a hundred', () => {
    const one = jsonOf(ask(greenweb, { path: '/api/v3/greencheck/popular-1.com' }));
    expect(one).toMatchObject({ url: 'popular-1.com', supporting_documents: [] });
    expect(multi(Array(101).fill('a.com')).refused?.status).toBe(400);
    expect(ask(greenweb, { path: '/v2/greencheckmulti/nonsense' }).refused?.status).toBe(400);
  });
});
