import { none, type Truth } from '../truth/expected.js';
import { isUnseenBy, linkProfileOf, seenBy, type LinkScope } from '../world/link-profile.js';
import { registrableDomain } from '../world/domain-class.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';
import { basicOf } from './credentials.js';
import { acceptsKey } from './keys.js';

const PATH = /^\/v3\/backlinks\/(bulk_ranks|bulk_spam_score|bulk_backlinks|bulk_referring_domains)\/live$/;
const PER_CALL = 1_000;

const envelope = (status_code: number, status_message: string, tasks: unknown) =>
  json(200, { version: '0.1.20260901', status_code, status_message, time: '0.1 sec.', cost: 0, tasks });
const WORDS: ProviderWords = {
  tooMany: () => envelope(40_202, 'Rate limit per minute exceeded.', null),
  exhausted: () => envelope(40_200, 'Payment Required.', null),
  broken: (status) =>
    status === 503 ? page(503, 'Service Unavailable') : envelope(50_000, 'Internal Error.', null),
  unauthorised: () => envelope(40_100, 'You are not authorized to access this resource.', null),
  noRetryAfter: true,
};

type Endpoint = 'bulk_ranks' | 'bulk_spam_score' | 'bulk_backlinks' | 'bulk_referring_domains';
type Item = Readonly<Record<string, number | null>>;

/** A list with one task; what is wrong stands in `status_code`, twice, under status 200. */
export const dataforseo: Api = { id: 'dataforseo', hosts: ['api.dataforseo.com'], exchange: bulk, truth };

function bulk(request: WireRequest): Exchange {
  const endpoint = PATH.exec(request.path)?.[1] as Endpoint | undefined;
  const targets = targetsOf(request.body);
  const login = basicOf(request);
  const refused = refusal(request, endpoint, login, targets);
  return {
    provider: 'dataforseo',
    asked: (targets ?? []).map((unit) => ({ surface: `dataforseo.${scopeOf(unit)}`, unit })),
    unit: `${endpoint}|${targets?.[0] ?? ''}`,
    limit: { key: `dataforseo|${login}`, windows: [{ permits: 2_000, perMs: 60_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(targets ?? [], endpoint as Endpoint),
    words: WORDS,
  };
}

function targetsOf(body: string): string[] | undefined {
  try {
    const [task] = JSON.parse(body) as { targets?: unknown }[];
    const targets = task?.targets;
    return Array.isArray(targets) && targets.every((one) => typeof one === 'string')
      ? (targets as string[])
      : undefined;
  } catch {
    return undefined;
  }
}

function refusal(
  request: WireRequest,
  endpoint: Endpoint | undefined,
  login: string | undefined,
  targets: readonly string[] | undefined,
): WireAnswer | undefined {
  if (!endpoint || request.method !== 'POST')
    return json(404, { status_code: 40_400, status_message: 'Not Found.', tasks: null });
  if (!login?.includes(':') || !acceptsKey(login)) return WORDS.unauthorised();
  if (!targets || targets.length === 0 || targets.length > PER_CALL)
    return envelope(20_000, 'Ok.', [
      { status_code: 40_501, status_message: "Invalid Field: 'targets'.", result: null },
    ]);
  return undefined;
}

function scopeOf(target: string): LinkScope {
  if (/^https?:\/\//.test(target)) return 'url';
  return registrableDomain(target) === target ? 'domain' : 'host';
}

/** A target outside the index is listed with nothing known about it. */
function itemOf(unit: string, endpoint: Endpoint): Item {
  const profile = linkProfileOf(unit, scopeOf(unit));
  const known = profile && !isUnseenBy('dataforseo', unit) ? profile : undefined;
  const domains = known && seenBy('dataforseo-domains', known.referringDomains, unit);
  switch (endpoint) {
    case 'bulk_ranks':
      return { rank: known?.authority ?? null };
    case 'bulk_spam_score':
      return { spam_score: known?.spam ?? null };
    case 'bulk_backlinks':
      return { backlinks: known ? seenBy('dataforseo', known.backlinks, unit) : null };
    case 'bulk_referring_domains':
      return {
        referring_domains: domains ?? null,
        referring_domains_nofollow:
          known && domains !== undefined ? Math.round(domains * known.nofollow) : null,
        referring_main_domains: domains === undefined ? null : Math.round(domains * 0.9),
      };
  }
}

function answerOf(targets: readonly string[], endpoint: Endpoint): WireAnswer {
  const items = targets.map((target) => ({ target, ...itemOf(target, endpoint) }));
  const cost = 0.02 + 0.000_03 * targets.length;
  const task = {
    id: '10131644-1535-0269-0000-6ad4d0a0b9a1',
    status_code: 20_000,
    status_message: 'Ok.',
    cost,
    result_count: 1,
    path: ['v3', 'backlinks', endpoint, 'live'],
    result: [{ items_count: items.length, items }],
  };
  return json(200, {
    version: '0.1.20260901',
    status_code: 20_000,
    status_message: 'Ok.',
    time: '0.5195 sec.',
    cost,
    tasks_count: 1,
    tasks_error: 0,
    tasks: [task],
  });
}

const ENDPOINTS: readonly Endpoint[] = [
  'bulk_ranks',
  'bulk_spam_score',
  'bulk_backlinks',
  'bulk_referring_domains',
];

function truth(unit: string): Truth {
  const all = ENDPOINTS.flatMap((endpoint) => Object.entries(itemOf(unit, endpoint)));
  const known = all.filter((entry): entry is [string, number] => entry[1] !== null);
  return known.length === 0
    ? none('absent', 'not in the index')
    : { outcome: 'ok', numbers: Object.fromEntries(known) };
}
