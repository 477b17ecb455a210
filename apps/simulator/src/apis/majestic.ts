import { none, type Truth } from '../truth/expected.js';
import { registrableDomain } from '../world/domain-class.js';
import { share } from '../world/hash.js';
import { isUnseenBy, linkProfileOf, seenBy, type LinkScope } from '../world/link-profile.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';
import { formOf } from './credentials.js';
import { acceptsKey } from './keys.js';

const PER_CALL = 100;
const MONTH = 30 * 86_400_000;
const BUILT = '2026-10-12 03:16:03';
const TOPICS = ['Computers/Internet/Searching', 'News/Media', 'Shopping/General', 'Reference/Education'];
/** The historic index holds more of everything. */
const HISTORIC_FACTOR = 4;

const problem = (Code: string, text: string) =>
  json(200, { Code, ErrorMessage: text, FullError: text, DataTables: {} });
const WORDS: ProviderWords = {
  tooMany: () => page(429, 'Too Many Requests'),
  exhausted: () => problem('InsufficientIndexItemInfoUnits', 'You do not have enough units.'),
  broken: (status) => page(status, 'Server Error'),
  unauthorised: () => problem('InvalidAPIKey', 'Invalid API key.'),
};

/** Items as form fields; refusals come under status 200. */
export const majestic: Api = { id: 'majestic', hosts: ['api.majestic.com'], exchange: items, truth };

function items(request: WireRequest): Exchange {
  const form = formOf(request) ?? request.query;
  const key = form.get('app_api_key') ?? '';
  const source = form.get('datasource') ?? '';
  const asked = itemsOf(form);
  const refused = refusal(request, form, key, asked);
  return {
    provider: 'majestic',
    asked: (asked ?? []).map((unit) => ({ surface: surfaceOf(unit, source), unit })),
    unit: asked?.[0] ?? '',
    limit: {
      key: `majestic|${key}`,
      windows: [
        { permits: 2, perMs: 2_000, of: 'calls' },
        { permits: 5_000_000, perMs: MONTH, of: 'units' },
      ],
    },
    ...(refused && { refused }),
    answer: () => answerOf(asked ?? [], source),
    words: WORDS,
  };
}

function itemsOf(form: URLSearchParams): string[] | undefined {
  const count = Number(form.get('items'));
  if (!Number.isInteger(count) || count < 1 || count > PER_CALL) return undefined;
  const found = Array.from({ length: count }, (_, at) => form.get(`item${at}`));
  return found.every((item) => item) ? (found as string[]) : undefined;
}

function refusal(
  request: WireRequest,
  form: URLSearchParams,
  key: string,
  asked: readonly string[] | undefined,
): WireAnswer | undefined {
  if (request.path !== '/api/json') return page(404, 'Not Found');
  if (!acceptsKey(key)) return WORDS.unauthorised();
  if (form.get('cmd') !== 'GetIndexItemInfo') return problem('InvalidCommand', 'Unknown command.');
  if (!['fresh', 'historic'].includes(form.get('datasource') ?? ''))
    return problem('MissingParameter', 'datasource is missing.');
  return asked ? undefined : problem('InvalidParameter', 'items and item0 to item99 do not agree.');
}

/** What an item is tells its form: a URL, a host below a domain, or a domain. */
function scopeOf(unit: string): LinkScope {
  if (/^https?:\/\//.test(unit)) return 'url';
  return registrableDomain(unit) === unit ? 'domain' : 'host';
}

function surfaceOf(unit: string, source: string): string {
  return source === 'historic' ? 'majestic.domain.historic' : `majestic.${scopeOf(unit)}`;
}

interface Item {
  readonly status: 'Found' | 'MayExist';
  readonly trust: number;
  readonly citation: number;
  readonly links: number;
  readonly nofollow: number;
  readonly domains: number;
  readonly topic: string;
  readonly title: string;
}

/** Undefined: not in the index. The trust of spam is a small part of its citations. */
function itemOf(unit: string, scope: LinkScope, historic: boolean): Item | undefined {
  const profile = linkProfileOf(unit, scope);
  if (!profile || isUnseenBy('majestic', unit)) return undefined;
  const factor = historic ? HISTORIC_FACTOR : 1;
  const citation = Math.min(100, Math.round(profile.authority * (0.8 + 0.3 * share(unit, 'citation'))));
  const trusted = profile.spam > 40 ? 0.2 : 0.7 + 0.35 * share(unit, 'trust');
  return {
    status: share(unit, 'may-exist') < 0.05 ? 'MayExist' : 'Found',
    trust: Math.min(100, Math.round(citation * trusted)),
    citation,
    // Majestic counts every link of every page: thousands for each that others count.
    links: seenBy('majestic', profile.backlinks * 1_000 * factor, unit),
    nofollow: Math.round(profile.backlinks * 1_000 * factor * profile.nofollow * 0.5),
    domains: seenBy('majestic-domains', profile.referringDomains * factor, unit),
    topic: TOPICS[Math.floor(share(unit, 'topic') * (TOPICS.length + 1))] ?? '',
    title: share(unit, 'title') < 0.2 ? '' : `About ${unit.slice(0, 40)}`,
  };
}

function answerOf(asked: readonly string[], source: string): WireAnswer {
  const Data = asked.map((unit, at) => rowOf(unit, at, source === 'historic'));
  const Headers = { MaxTopicsRootDomain: 30, MaxTopicsSubDomain: 20, MaxTopicsURL: 10, TopicsCount: 3 };
  return json(200, {
    Code: 'OK',
    ErrorMessage: '',
    FullError: '',
    IndexBuildDate: BUILT,
    IndexType: source === 'historic' ? 0 : 1,
    DataTables: { Results: { Headers, Data } },
  });
}

const TYPES: Readonly<Record<LinkScope, number>> = { domain: 1, host: 2, url: 3 };

/** Some counts are numbers, some texts, as documented; what is not known is an empty text. */
function rowOf(unit: string, at: number, historic: boolean): Record<string, unknown> {
  const scope = scopeOf(unit);
  const item = itemOf(unit, scope, historic);
  const head = { ItemNum: at, Item: unit, ResultCode: 'OK', ItemType: TYPES[scope] };
  if (!item)
    return {
      ...head,
      Status: 'NotFound',
      ExtBackLinks: 0,
      RefDomains: 0,
      CitationFlow: 0,
      TrustFlow: 0,
      Title: '',
    };
  return {
    ...head,
    Status: item.status,
    ExtBackLinks: item.links,
    RefDomains: item.domains,
    RefIPs: ipsOf(item),
    RefSubNets: subnetsOf(item),
    RefDomainsEDU: Math.round(item.domains * 0.002),
    RefDomainsGOV: Math.round(item.domains * 0.001),
    IndexedURLs: item.domains * 37,
    CrawledFlag: 'False',
    LastCrawlDate: '',
    OutDomainsExternal: String(outDomainsOf(unit)),
    OutLinksExternal: '',
    Title: item.title,
    NonUniqueLinkTypeNoFollow: String(item.nofollow),
    CitationFlow: item.citation,
    TrustFlow: item.trust,
    TopicalTrustFlow_Topic_0: item.topic,
    TopicalTrustFlow_Value_0: item.topic === '' ? '' : item.trust,
  };
}

function ipsOf({ domains }: Item): number {
  return Math.round(domains * 0.6);
}

function subnetsOf({ domains }: Item): number {
  return Math.round(domains * 0.4);
}

function outDomainsOf(unit: string): number {
  return Math.floor(share(unit, 'out-domains') * 50);
}

function truth(unit: string, surface: string): Truth {
  const item = itemOf(unit, scopeOf(unit), surface.endsWith('historic'));
  if (!item) return none('absent', 'not in the index');
  return {
    outcome: 'ok',
    numbers: {
      trust_flow: item.trust,
      citation_flow: item.citation,
      backlinks: item.links,
      nofollow_backlinks: item.nofollow,
      referring_domains: item.domains,
      referring_ips: ipsOf(item),
      referring_subnets: subnetsOf(item),
      referring_domains_edu: Math.round(item.domains * 0.002),
      referring_domains_gov: Math.round(item.domains * 0.001),
      indexed_urls: item.domains * 37,
      out_domains: outDomainsOf(unit),
      estimated: item.status === 'MayExist',
      ...(item.topic !== '' && { topic: item.topic, topic_trust_flow: item.trust }),
      ...(item.title !== '' && { title: item.title }),
    },
  };
}
