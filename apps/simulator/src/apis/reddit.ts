import type { Truth } from '../truth/expected.js';
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
import { basicOf, bearerOf } from './credentials.js';
import { acceptsKey } from './keys.js';

const TOKEN = 'sim-token';
const SUBREDDITS = ['programming', 'webdev', 'news', 'science', 'todayilearned', 'technology'];

const WORDS: ProviderWords = {
  tooMany: () => json(429, { message: 'Too Many Requests', error: 429 }),
  broken: (status) => page(status, 'reddit broke!'),
  unauthorised: () => json(401, { message: 'Unauthorized', error: 401 }),
  rate: ({ limit, left, resetMs }) => ({
    'x-ratelimit-used': String(limit - left),
    'x-ratelimit-remaining': left.toFixed(1),
    'x-ratelimit-reset': String(Math.ceil(resetMs / 1_000)),
  }),
};

/** A client's id and secret buy a token; with it, posts by the exact address they link to. */
export const reddit: Api = {
  id: 'reddit',
  hosts: ['oauth.reddit.com'],
  owns: ({ host, path }) => host === 'www.reddit.com' && path === '/api/v1/access_token',
  exchange: (request) => (request.host === 'oauth.reddit.com' ? info(request) : token(request)),
  truth,
};

function token(request: WireRequest): Exchange {
  const client = basicOf(request);
  const good =
    request.method === 'POST' && request.body === 'grant_type=client_credentials' && acceptsKey(client);
  return {
    provider: 'reddit',
    asked: [{ surface: 'reddit-token', unit: 'token' }],
    unit: 'reddit-token',
    ...(!good && { refused: WORDS.unauthorised() }),
    answer: () => json(200, { access_token: TOKEN, token_type: 'bearer', expires_in: 86_400, scope: '*' }),
    words: WORDS,
  };
}

function info(request: WireRequest): Exchange {
  const unit = request.query.get('url') ?? '';
  const refused = refusal(request, unit);
  return {
    provider: 'reddit',
    asked: [{ surface: 'reddit', unit }],
    unit,
    limit: { key: 'reddit', windows: [{ permits: 100, perMs: 60_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => listing(unit),
    words: WORDS,
  };
}

function refusal(request: WireRequest, unit: string): WireAnswer | undefined {
  if (request.path !== '/api/info' || request.method !== 'GET' || unit === '')
    return json(404, { message: 'Not Found', error: 404 });
  if (bearerOf(request) !== TOKEN) return WORDS.unauthorised();
  return request.headers['user-agent'] ? undefined : WORDS.tooMany();
}

interface Post {
  readonly id: string;
  readonly subreddit: string;
  readonly score: number;
  readonly num_comments: number;
}

/** All posts about a page; each links to one spelling of it, with or without a slash at the end. */
function postsOf(unit: string): (Post & { slash: boolean })[] {
  const bare = unit.replace(/\/$/, '');
  const count = Math.min(40, Math.max(0, talkOf(bare, 'reddit', 1.6)));
  return Array.from({ length: count }, (_, at) => {
    const own = `${bare}|${at}`;
    return {
      id: hash32(`post|${own}`).toString(36),
      subreddit: SUBREDDITS[hash32(`sub|${own}`) % SUBREDDITS.length]!,
      score: share(own, 'hated') < 0.05 ? -3 : Math.floor(10 ** (4 * share(own, 'score'))) - 1,
      num_comments: Math.floor(10 ** (2.5 * share(own, 'comments'))) - 1,
      slash: share(own, 'slash') < 0.4,
    };
  });
}

function listing(unit: string): WireAnswer {
  const children = postsOf(unit)
    .filter(({ slash }) => slash === unit.endsWith('/'))
    .map(({ slash: _, ...post }) => ({ kind: 't3', data: { ...post, name: `t3_${post.id}` } }));
  return json(200, { kind: 'Listing', data: { after: null, dist: children.length, children } });
}

/** A page whose address holds a query has one spelling. */
function truth(unit: string): Truth {
  const both = !unit.includes('?');
  const posts = postsOf(unit).filter(({ slash }) => both || slash === unit.endsWith('/'));
  const unique = [...new Map(posts.map((post) => [post.id, post])).values()];
  return {
    outcome: 'ok',
    numbers: {
      posts: unique.length,
      score: unique.reduce((sum, { score }) => sum + score, 0),
      comments: unique.reduce((sum, { num_comments }) => sum + num_comments, 0),
      subreddits: new Set(unique.map(({ subreddit }) => subreddit)).size,
    },
  };
}
