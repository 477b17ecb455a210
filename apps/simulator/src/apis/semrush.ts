import { none, type Truth } from '../truth/expected.js';
import { isUnseenBy, linkProfileOf, seenBy } from '../world/link-profile.js';
import {
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';
import { acceptsKey } from './keys.js';

const TYPES = new Set(['root_domain', 'domain', 'url']);

const text = (body: string): WireAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});
const WORDS: ProviderWords = {
  tooMany: () => page(429, 'Too Many Requests'),
  exhausted: () => text('ERROR 132 :: API UNITS BALANCE IS ZERO'),
  broken: (status) => page(status, 'Server Error'),
  unauthorised: () => text('ERROR 120 :: WRONG KEY - ID PAIR'),
};

/** Text in columns, errors as text under status 200. */
export const semrush: Api = { id: 'semrush', hosts: ['api.semrush.com'], exchange: overview, truth };

function overview(request: WireRequest): Exchange {
  const { query } = request;
  const unit = query.get('target') ?? '';
  const type = query.get('target_type') ?? '';
  const key = query.get('key') ?? '';
  const refused = refusal(request, key, unit, type);
  return {
    provider: 'semrush',
    asked: [{ surface: type === 'url' ? 'semrush.url' : 'semrush.domain', unit }],
    unit,
    limit: { key: `semrush|${key}`, windows: [{ permits: 10, perMs: 1_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(unit, type, (query.get('export_columns') ?? '').split(',')),
    words: WORDS,
  };
}

function refusal(request: WireRequest, key: string, unit: string, type: string): WireAnswer | undefined {
  if (request.path !== '/analytics/v1/' || request.method !== 'GET') return page(404, 'Not Found');
  if (!acceptsKey(key)) return WORDS.unauthorised();
  if (request.query.get('type') !== 'backlinks_overview')
    return text('ERROR 41 :: MANDATORY PARAMETER NOT SET OR EMPTY');
  return unit !== '' && TYPES.has(type) ? undefined : text('ERROR 42 :: INVALID PARAMETER VALUE');
}

function columnsOf(unit: string, type: string): Record<string, number> | undefined {
  const profile = linkProfileOf(unit, type === 'url' ? 'url' : 'domain');
  if (!profile || isUnseenBy('semrush', unit)) return undefined;
  const total = seenBy('semrush', profile.backlinks, unit);
  const domains = seenBy('semrush-domains', profile.referringDomains, unit);
  const nofollows = Math.round(total * profile.nofollow);
  return {
    ascore: profile.authority,
    total,
    domains_num: domains,
    urls_num: Math.round(total * 0.7),
    ips_num: Math.round(domains * 0.7),
    follows_num: total - nofollows,
    nofollows_num: nofollows,
  };
}

function answerOf(unit: string, type: string, wanted: readonly string[]): WireAnswer {
  const columns = columnsOf(unit, type);
  if (!columns) return text('ERROR 50 :: NOTHING FOUND');
  const names = wanted.filter((name) => name in columns);
  return text(`${names.join(';')}\r\n${names.map((name) => columns[name]).join(';')}\r\n`);
}

function truth(unit: string, surface: string): Truth {
  const columns = columnsOf(unit, surface === 'semrush.url' ? 'url' : 'root_domain');
  if (!columns) return none('absent', 'nothing found');
  return {
    outcome: 'ok',
    numbers: {
      authority_score: columns['ascore']!,
      backlinks: columns['total']!,
      referring_domains: columns['domains_num']!,
      referring_urls: columns['urls_num']!,
      referring_ips: columns['ips_num']!,
      follow_links: columns['follows_num']!,
      nofollow_links: columns['nofollows_num']!,
    },
  };
}
