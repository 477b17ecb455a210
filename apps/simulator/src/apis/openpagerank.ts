import { none, type Truth } from '../truth/expected.js';
import type { Api } from './api.js';
import { classOf, registrableDomain, strengthOf } from '../world/domain-class.js';
import { share } from '../world/hash.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import { acceptsKey } from './keys.js';
import { parseObject } from './parse-object.js';

const PER_CALL = 100;
const MONTH = 30 * 86_400_000;
const AS_OF = '2026-09-01';

function problem(status: number, type: string, message: string): WireAnswer {
  return json(status, { error: { type, message } });
}

const WORDS: ProviderWords = {
  tooMany: () => problem(429, 'rate_limit_error', 'Too many requests'),
  broken: (status) => page(status, 'Internal Server Error'),
  unauthorised: () =>
    problem(401, 'authentication_error', 'Missing or invalid Authorization: Bearer <api_key>'),
};

export const openpagerank: Api = {
  id: 'openpagerank',
  hosts: ['openpagerank.keywordseverywhere.com'],
  exchange: bulk,
  truth: pageRankTruth,
};

/** Bulk scores of up to 100 domains; subdomains are reduced, so two questions may share one row. */
function bulk(request: WireRequest): Exchange {
  const given = parseObject(request.body)?.['domains'];
  const domains = Array.isArray(given) ? given.map(String) : undefined;
  const key = /^Bearer (.+)$/.exec(String(request.headers.authorization ?? ''))?.[1];
  const refused = refusal(request, key, domains);
  return {
    provider: 'openpagerank',
    asked: (domains ?? []).map((unit) => ({ surface: 'openpagerank', unit })),
    unit: domains?.[0] ?? '',
    limit: { key: `openpagerank|${key}`, windows: [{ permits: 30_000, perMs: MONTH, of: 'units' }] },
    ...(refused && { refused }),
    answer: () => answerOf(domains ?? []),
    words: WORDS,
  };
}

function refusal(
  request: WireRequest,
  key: string | undefined,
  domains: readonly string[] | undefined,
): WireAnswer | undefined {
  if (request.path !== '/v1/domains/bulk' || request.method !== 'POST') return page(404, 'Not Found');
  if (!acceptsKey(key)) return WORDS.unauthorised();
  if (!domains || domains.length === 0 || domains.length > PER_CALL)
    return problem(400, 'invalid_request_error', `domains must hold 1 to ${PER_CALL} entries`);
  return undefined;
}

function answerOf(domains: readonly string[]): WireAnswer {
  const good = domains.filter(isDomain);
  const reduced = [...new Set(good.map((domain) => registrableDomain(domain.toLowerCase())))];
  const results = reduced.map((domain) => rowOf(domain));
  return json(200, {
    as_of: AS_OF,
    count: results.length,
    results,
    invalid: domains.filter((d) => !isDomain(d)),
  });
}

function isDomain(text: string): boolean {
  return text.length <= 253 && /^([a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}$/i.test(text);
}

function rowOf(domain: string): Record<string, unknown> {
  const score = pageRankOf(domain);
  if (!score) return { domain, found: false, open_page_rank: null, rank: null, referring_domains: null };
  return { domain, found: true, ...score };
}

export interface PageRank {
  readonly open_page_rank: number;
  readonly rank: number;
  readonly referring_domains: number;
}

/** Undefined: the domain is not in the list (dead ones, most very young ones, some weak ones). */
export function pageRankOf(domain: string): PageRank | undefined {
  const is = classOf(domain);
  const missing = { popular: 0, ordinary: 0.05, young: 0.6, spam: 0.35, dead: 1 }[is];
  if (share(domain, 'opr-missing') < missing) return undefined;
  const strength = strengthOf(domain);
  return {
    open_page_rank: Math.round(strength * 1_000) / 100,
    rank: Math.max(1, Math.round(10 ** (7 * (1 - strength) + share(domain, 'rank') * 0.3))),
    referring_domains: Math.round(10 ** (6 * strength)),
  };
}

function pageRankTruth(unit: string): Truth {
  const found = pageRankOf(registrableDomain(unit));
  return found ? { outcome: 'ok', numbers: { ...found } } : none('absent', 'not found');
}
