import { none, type Truth } from '../truth/expected.js';
import { accountOf } from '../world/accounts.js';
import { share } from '../world/hash.js';
import {
  json,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api, World } from './api.js';
import { bearerOf } from './credentials.js';
import { acceptsKey } from './keys.js';

const HOUR = 3_600_000;

const problem = (status: number, message: string) => json(status, { message, status: String(status) });

function words(now: number): ProviderWords {
  const reset = {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.ceil((now + 60_000) / 1_000)),
  };
  const limited = problem(403, 'API rate limit exceeded');
  return {
    tooMany: () => ({ ...limited, headers: { ...limited.headers, ...reset } }),
    broken: (status) => problem(status, 'Server Error'),
    unauthorised: () => problem(401, 'Bad credentials'),
    rate: ({ limit, left, resetMs }, at) => ({
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(left),
      'x-ratelimit-used': String(limit - left),
      'x-ratelimit-reset': String(Math.ceil((at + resetMs) / 1_000)),
    }),
    noRetryAfter: true,
  };
}

/** Users and organisations; 60 calls an hour without a token, 5,000 with. */
export const github: Api = { id: 'github', hosts: ['api.github.com'], exchange: user, truth };

function user(request: WireRequest, world: World): Exchange {
  const login = /^\/users\/([A-Za-z0-9-]+)$/.exec(request.path)?.[1] ?? '';
  const token = bearerOf(request);
  const own = words(world.now());
  const refused = refusal(request, login, token, own);
  const permits = token === undefined ? 60 : 5_000;
  return {
    provider: 'github',
    asked: [{ surface: 'github', unit: login }],
    unit: login,
    limit: { key: `github|${token ?? ''}`, windows: [{ permits, perMs: HOUR, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(login),
    words: own,
  };
}

function refusal(
  { method, headers }: WireRequest,
  login: string,
  token: string | undefined,
  own: ProviderWords,
): WireAnswer | undefined {
  if (!headers['user-agent']) return problem(403, 'Request forbidden by administrative rules.');
  if (token !== undefined && !acceptsKey(token)) return own.unauthorised();
  return method === 'GET' && login !== '' ? undefined : problem(404, 'Not Found');
}

function isOrganisation(login: string): boolean {
  return share(login.toLowerCase(), 'organisation') < 0.4;
}

function reposOf(posts: number): number {
  return Math.round(posts / 10);
}

function answerOf(login: string): WireAnswer {
  const account = accountOf('github', login);
  return account
    ? json(200, {
        login,
        id: 1,
        type: isOrganisation(login) ? 'Organization' : 'User',
        public_repos: reposOf(account.posts),
        followers: account.followers,
        following: account.following,
        created_at: new Date(account.createdAt).toISOString().replace('.000Z', 'Z'),
      })
    : problem(404, 'Not Found');
}

function truth(login: string): Truth {
  const account = accountOf('github', login);
  if (!account) return none('absent', 'no such account');
  return {
    outcome: 'ok',
    numbers: {
      followers: account.followers,
      following: account.following,
      public_repos: reposOf(account.posts),
      created_at: new Date(account.createdAt).toISOString().replace('.000Z', 'Z'),
      organisation: isOrganisation(login),
    },
  };
}
