import { none, type Truth } from '../truth/expected.js';
import { accountOf } from '../world/accounts.js';
import { isForbiddenHost } from '../world/special-names.js';
import {
  json,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';

const PATH = '/api/v1/accounts/lookup';
const WINDOW = 300_000;

const WORDS: ProviderWords = {
  tooMany: () => json(429, { error: 'Too many requests' }),
  broken: (status) => json(status, { error: 'Internal error' }),
  unauthorised: () => json(401, { error: 'This method requires an authenticated user' }),
  rate: ({ limit, left, resetMs }, now) => ({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(left),
    'x-ratelimit-reset': new Date(now + resetMs).toISOString(),
  }),
};

/** Any host is an instance, told by the path; each with a limit of its own. */
export const mastodon: Api = {
  id: 'mastodon',
  hosts: [],
  owns: ({ host, path }) => path === PATH && !isForbiddenHost(host),
  exchange: lookup,
  truth,
};

function lookup(request: WireRequest): Exchange {
  const user = request.query.get('acct') ?? '';
  const unit = `${user}@${request.host}`;
  const refused =
    request.method === 'GET' && user !== '' ? undefined : json(404, { error: 'Record not found' });
  return {
    provider: 'mastodon',
    asked: [{ surface: 'mastodon', unit }],
    unit,
    limit: { key: `mastodon|${request.host}`, windows: [{ permits: 300, perMs: WINDOW, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(user, unit),
    words: WORDS,
  };
}

function answerOf(user: string, unit: string): WireAnswer {
  const account = accountOf('mastodon', unit);
  return account
    ? json(200, {
        id: '1',
        username: user,
        acct: user,
        followers_count: account.followers,
        following_count: account.following,
        statuses_count: account.posts,
        created_at: new Date(account.createdAt).toISOString(),
      })
    : json(404, { error: 'Record not found' });
}

function truth(unit: string): Truth {
  const account = accountOf('mastodon', unit);
  if (!account) return none('absent', 'no such account');
  const { createdAt, ...numbers } = account;
  return { outcome: 'ok', numbers: { ...numbers, created_at: new Date(createdAt).toISOString() } };
}
