import { none, type Truth } from '../truth/expected.js';
import { classOf } from '../world/domain-class.js';
import { share } from '../world/hash.js';
import { speedOf } from '../world/speed.js';
import { domainOf } from '../world/unit.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';
import { googleError } from './google-error.js';
import { acceptsKey } from './keys.js';

const HOST = 'pagespeedonline.googleapis.com';
const DAY = 86_400_000;
/** A desktop loads faster than a phone. */
const DESKTOP = 0.6;
const AT = '2026-10-20T12:00:00.000Z';

const quota = (limit: string) =>
  googleError(
    429,
    'RESOURCE_EXHAUSTED',
    `Quota exceeded for quota metric 'Queries' and limit '${limit}' of service '${HOST}'`,
  );
const WORDS: ProviderWords = {
  tooMany: () => quota('Queries per minute'),
  exhausted: () => quota('Queries per day'),
  broken: (status) =>
    googleError(status, status === 503 ? 'UNAVAILABLE' : 'INTERNAL', 'Internal error encountered.'),
  unauthorised: () => googleError(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'),
};

/** A Lighthouse run: a page that cannot be loaded answers 500, a fact about the page. */
export const pagespeed: Api = { id: 'pagespeed', hosts: [HOST], exchange: run, truth };

function run(request: WireRequest): Exchange {
  const { query } = request;
  const unit = query.get('url') ?? '';
  const key = query.get('key') ?? '';
  // The default, when nothing is said, is the desktop and performance alone.
  const strategy = query.get('strategy') ?? 'desktop';
  const wanted = query.getAll('category');
  const refused = refusal(request, key, unit);
  return {
    provider: 'pagespeed',
    asked: [{ surface: `pagespeed.${strategy}`, unit }],
    unit,
    // Ten to sixty seconds in the world; a hundredth of them here, so that a test need not wait.
    slowMs: 100 + Math.floor(500 * share(unit, 'lighthouse')),
    limit: {
      key: `pagespeed|${key}`,
      windows: [
        { permits: 240, perMs: 60_000, of: 'calls' },
        { permits: 25_000, perMs: DAY, of: 'calls', resets: 'pacific' },
      ],
    },
    ...(refused && { refused }),
    answer: () => answerOf(unit, strategy, wanted.length > 0 ? wanted : ['PERFORMANCE']),
    words: WORDS,
  };
}

function refusal(request: WireRequest, key: string, unit: string): WireAnswer | undefined {
  if (request.path !== '/pagespeedonline/v5/runPagespeed' || request.method !== 'GET')
    return page(404, 'Not Found');
  if (!acceptsKey(key)) return WORDS.unauthorised();
  return /^https?:\/\//.test(unit)
    ? undefined
    : googleError(400, 'INVALID_ARGUMENT', "Invalid value '' for url.");
}

/** Undefined: the page loads. */
function pageError(unit: string): string | undefined {
  if (classOf(domainOf(unit)) === 'dead') return 'DNS_FAILURE';
  const at = share(unit, 'document');
  if (at < 0.03) return 'FAILED_DOCUMENT_REQUEST';
  return at < 0.04 ? 'NO_FCP' : undefined;
}

interface Report {
  readonly scores: Readonly<Record<string, number | null>>;
  readonly lcp: number;
  readonly cls: number;
  readonly tbt: number;
  readonly ttfb: number;
  /** Undefined: too few visitors. */
  readonly field?: { lcp: number; inp: number; shift: number; verdict: string; origin: boolean };
}

function reportOf(unit: string, strategy: string): Report {
  const speed = speedOf(unit);
  const factor = strategy === 'mobile' ? 1 : DESKTOP;
  const performance = Math.min(
    1,
    Math.round(100 * speed.performance * (strategy === 'mobile' ? 1 : 1.15)) / 100,
  );
  const hasField = classOf(domainOf(unit)) === 'popular' || share(unit, 'field') < 0.25;
  return {
    scores: {
      PERFORMANCE: performance,
      SEO: speed.seo,
      ACCESSIBILITY: speed.accessibility,
      // A category that could not be scored.
      BEST_PRACTICES: share(unit, 'practices') < 0.03 ? null : speed.practices,
    },
    lcp: Math.round(speed.lcpMs * factor * 10) / 10,
    cls: speed.shift / 100,
    tbt: Math.round(speed.tbtMs * factor),
    ttfb: speed.ttfbMs,
    ...(hasField && {
      field: {
        lcp: Math.round(speed.lcpMs * factor),
        inp: speed.inpMs,
        shift: speed.shift,
        verdict: speed.lcpMs < 2_500 ? 'FAST' : speed.lcpMs < 4_000 ? 'AVERAGE' : 'SLOW',
        origin: share(unit, 'fallback') < 0.4,
      },
    }),
  };
}

const NAMES: Readonly<Record<string, string>> = {
  PERFORMANCE: 'performance',
  SEO: 'seo',
  ACCESSIBILITY: 'accessibility',
  BEST_PRACTICES: 'best-practices',
};

function answerOf(unit: string, strategy: string, wanted: readonly string[]): WireAnswer {
  const broken = pageError(unit);
  if (broken) return lighthouseError(unit, broken);
  const report = reportOf(unit, strategy);
  const categories = Object.fromEntries(
    wanted.filter((name) => name in NAMES).map((name) => [NAMES[name], { score: report.scores[name] }]),
  );
  const audits = {
    'largest-contentful-paint': { numericValue: report.lcp },
    'cumulative-layout-shift': { numericValue: report.cls },
    'total-blocking-time': { numericValue: report.tbt },
    'server-response-time': { numericValue: report.ttfb },
  };
  return json(200, {
    id: unit,
    loadingExperience: fieldOf(unit, report),
    lighthouseResult: { finalUrl: unit, categories, audits },
    analysisUTCTimestamp: AT,
  });
}

/** As an error of the API, or under status 200 in the run itself. */
function lighthouseError(unit: string, code: string): WireAnswer {
  if (share(unit, 'runtime-error') < 0.5)
    return json(500, {
      error: { code: 500, message: `Lighthouse returned error: ${code}. The page could not be loaded.` },
    });
  return json(200, {
    id: unit,
    lighthouseResult: { finalUrl: unit, runtimeError: { code, message: 'no' }, categories: {} },
  });
}

function fieldOf(unit: string, { field }: Report): object {
  if (!field) return { initial_url: unit };
  return {
    id: unit,
    metrics: {
      LARGEST_CONTENTFUL_PAINT_MS: { percentile: field.lcp, category: field.verdict },
      INTERACTION_TO_NEXT_PAINT: { percentile: field.inp, category: 'FAST' },
      CUMULATIVE_LAYOUT_SHIFT_SCORE: { percentile: field.shift, category: 'FAST' },
    },
    overall_category: field.verdict,
    origin_fallback: field.origin,
  };
}

function truth(unit: string, surface: string): Truth {
  const broken = pageError(unit);
  if (broken) return none('absent', broken);
  const report = reportOf(unit, surface.slice('pagespeed.'.length));
  const outOf100 = (name: string) => {
    const score = report.scores[name];
    return typeof score === 'number' ? Math.round(score * 100) : undefined;
  };
  const practices = outOf100('BEST_PRACTICES');
  const { field } = report;
  return {
    outcome: 'ok',
    numbers: {
      performance: outOf100('PERFORMANCE')!,
      seo: outOf100('SEO')!,
      accessibility: outOf100('ACCESSIBILITY')!,
      ...(practices !== undefined && { best_practices: practices }),
      lab_lcp_ms: report.lcp,
      lab_cls: report.cls,
      lab_tbt_ms: report.tbt,
      lab_ttfb_ms: report.ttfb,
      ...(field && {
        field_lcp_ms: field.lcp,
        field_inp_ms: field.inp,
        field_cls: field.shift / 100,
        field_verdict: field.verdict,
        field_is_origin: field.origin,
      }),
    },
  };
}
