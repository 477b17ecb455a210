import { none, type Truth } from '../truth/expected.js';
import { accountOf } from '../world/accounts.js';
import { talkOf } from '../world/attention.js';
import { hash32, share } from '../world/hash.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';

const PROFILES = '/xrpc/app.bsky.actor.getProfiles';
const SEARCH = '/xrpc/app.bsky.feed.searchPosts';
const PER_CALL = 25;
const MOST_POSTS = 100;

const error = (status: number, name: string, message: string) => json(status, { error: name, message });
const WORDS: ProviderWords = {
  tooMany: () => error(429, 'RateLimitExceeded', 'Rate Limit Exceeded'),
  broken: (status) => error(status, 'InternalServerError', 'Internal Server Error'),
  unauthorised: () => error(403, 'AuthMissing', 'Authentication Required'),
  rate: ({ limit, left, resetMs }, now) => ({
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(left),
    'ratelimit-reset': String(Math.ceil((now + resetMs) / 1_000)),
  }),
};

/** Profiles of up to 25 actors, where nobody is left out of the list; posts that link to a page. */
export const bluesky: Api = { id: 'bluesky', hosts: ['public.api.bsky.app'], exchange: route, truth };

function route(request: WireRequest): Exchange {
  const isSearch = request.path === SEARCH;
  const actors = request.query.getAll('actors');
  const url = request.query.get('url') ?? '';
  const refused = refusal(request, actors, url);
  return {
    provider: 'bluesky',
    asked: isSearch
      ? [{ surface: 'bluesky.links', unit: url }]
      : actors.map((unit) => ({ surface: 'bluesky.profile', unit })),
    unit: isSearch ? url : (actors[0] ?? ''),
    limit: { key: 'bluesky', windows: [{ permits: 3_000, perMs: 300_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => (isSearch ? posts(url) : json(200, { profiles: actors.flatMap(profileOf) })),
    words: WORDS,
  };
}

function refusal(
  { path, method, query }: WireRequest,
  actors: readonly string[],
  url: string,
): WireAnswer | undefined {
  if (method !== 'GET') return page(405, 'Method Not Allowed');
  if (path === PROFILES && actors.length >= 1 && actors.length <= PER_CALL) return undefined;
  if (path === SEARCH && url !== '' && query.get('q')) return undefined;
  return path === PROFILES || path === SEARCH
    ? error(400, 'InvalidRequest', 'Error: Params must have the property')
    : error(404, 'XRPCNotSupported', 'XRPCNotSupported');
}

function profileOf(handle: string): object[] {
  const account = accountOf('bluesky', handle);
  if (!account) return [];
  return [
    {
      did: `did:plc:${hash32(handle).toString(36)}`,
      handle: handle.toLowerCase(),
      followersCount: account.followers,
      followsCount: account.following,
      postsCount: account.posts,
      createdAt: new Date(account.createdAt).toISOString(),
    },
  ];
}

function linkingPosts(url: string): { total: number; told: boolean } {
  return {
    total: Math.min(900, Math.max(0, talkOf(url, 'bluesky', 2.5))),
    told: share(url, 'hits-total') < 0.8,
  };
}

/** The total is sometimes left out: then there is a cursor where there are more. */
function posts(url: string): WireAnswer {
  const { total, told } = linkingPosts(url);
  const list = Array.from({ length: Math.min(total, MOST_POSTS) }, (_, at) => ({
    uri: `at://did:plc:sim/app.bsky.feed.post/${at}`,
    cid: `bafy${at}`,
    record: { text: 'look' },
  }));
  return json(200, {
    posts: list,
    ...(told && { hitsTotal: total }),
    ...(total > MOST_POSTS && { cursor: '100' }),
  });
}

function truth(unit: string, surface: string): Truth {
  if (surface === 'bluesky.links') {
    const { total, told } = linkingPosts(unit);
    return {
      outcome: 'ok',
      numbers: {
        linking_posts: told ? total : Math.min(total, MOST_POSTS),
        capped: !told && total > MOST_POSTS,
      },
    };
  }
  const account = accountOf('bluesky', unit);
  if (!account) return none('absent', 'no such account');
  const { createdAt, ...numbers } = account;
  return { outcome: 'ok', numbers: { ...numbers, created_at: new Date(createdAt).toISOString() } };
}
