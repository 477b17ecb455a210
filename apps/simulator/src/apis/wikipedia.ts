import type { Truth } from '../truth/expected.js';
import { talkOf } from '../world/attention.js';
import { hash32, share } from '../world/hash.js';
import { hostOf } from '../world/unit.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';

const HOST = 'en.wikipedia.org';
const MOST = 500;

const error = (code: string, info: string): WireAnswer => json(200, { error: { code, info } });
const WORDS: ProviderWords = {
  tooMany: () => ({ ...error('ratelimited', 'You have exceeded your rate limit.') }),
  broken: (status) => page(status, 'Wikimedia Error'),
  unauthorised: () => page(403, 'Please set a user-agent and respect our robot policy'),
};

/** Links from articles, http and https apart. Only the API: the encyclopaedia itself is an ordinary site. */
export const wikipedia: Api = {
  id: 'wikipedia',
  hosts: [],
  owns: ({ host, path }) => host === HOST && path === '/w/api.php',
  exchange: usage,
  truth,
};

function usage(request: WireRequest): Exchange {
  const { query } = request;
  const unit = query.get('euquery') ?? '';
  const protocol = query.get('euprotocol') ?? 'http';
  const refused = refusal(request, unit);
  return {
    provider: 'wikipedia',
    asked: [{ surface: unit.includes('/') ? 'wikipedia.url' : 'wikipedia.host', unit }],
    unit,
    limit: { key: 'wikipedia', windows: [{ permits: 5, perMs: 1_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(unit, protocol),
    words: WORDS,
  };
}

function refusal({ headers, query }: WireRequest, unit: string): WireAnswer | undefined {
  if (!headers['user-agent']) return WORDS.unauthorised();
  if (query.get('list') !== 'exturlusage' || query.get('format') !== 'json')
    return error('unknown_action', 'Unrecognized value for parameter "action" or "list".');
  return unit === '' || unit.includes('://') ? error('eubadquery', 'Invalid "euquery".') : undefined;
}

/** Articles that link to a page or to any page of a host, with the schemes they use. */
function articlesOf(unit: string): { pageid: number; http: boolean; https: boolean }[] {
  const isHost = !unit.includes('/');
  const count = Math.max(0, talkOf(unit, 'wikipedia', isHost ? 3.2 : 2));
  return Array.from({ length: Math.min(count, 700) }, (_, at) => {
    const both = share(`${unit}|${at}`, 'schemes');
    return {
      pageid: 1 + (hash32(`article|${unit}|${at}`) % 60_000_000),
      http: both < 0.4,
      https: both >= 0.3,
    };
  });
}

/** What begins with the query is found as well: a near miss follows. */
function answerOf(unit: string, protocol: string): WireAnswer {
  const all = articlesOf(unit).filter(({ http, https }) => (protocol === 'https' ? https : http));
  const address = unit.includes('/') ? unit : `${unit}/page`;
  const rows = all
    .slice(0, MOST)
    .map(({ pageid }) => ({ pageid, ns: 0, title: `Article ${pageid}`, url: `${protocol}://${address}` }));
  const miss = {
    pageid: 7,
    ns: 0,
    title: 'Near miss',
    url: `${protocol}://${unit.includes('/') ? `${unit}-else` : `${unit}.elsewhere.example/`}`,
  };
  const more = all.length > MOST;
  return json(200, {
    ...(more ? { continue: { eucontinue: `0|${MOST}`, continue: '-||' } } : { batchcomplete: true }),
    query: { exturlusage: rows.length === 0 || more ? rows : [...rows, miss] },
  });
}

function truth(asked: string, surface: string): Truth {
  const unit =
    surface === 'wikipedia.host' ? hostOf(asked) : asked.replace(/^https?:\/\//, '').replace(/#.*$/, '');
  const all = articlesOf(unit);
  const of = (scheme: 'http' | 'https') => all.filter((one) => one[scheme]);
  const found = [of('http'), of('https')];
  const pages = new Set(found.flatMap((list) => list.slice(0, MOST).map(({ pageid }) => pageid)));
  return {
    outcome: 'ok',
    numbers: { articles: pages.size, capped: found.some((list) => list.length > MOST) },
  };
}
