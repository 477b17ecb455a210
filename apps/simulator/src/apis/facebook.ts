import { none, type Truth } from '../truth/expected.js';
import { share } from '../world/hash.js';
import { facebookOf } from '../world/shares.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';
import { acceptsKey } from './keys.js';

const PER_CALL = 50;
const HOUR = 3_600_000;

const error = (status: number, code: number, message: string) =>
  json(status, { error: { message, type: 'OAuthException', code, fbtrace_id: 'sim' } });
const WORDS: ProviderWords = {
  tooMany: () => error(403, 4, '(#4) Application request limit reached'),
  broken: (status) => error(status, 1, 'An unknown error occurred'),
  unauthorised: () => error(400, 190, 'Error validating access token'),
  noRetryAfter: true,
};

/** Engagement of one URL by `id`, of up to 50 by `ids`. */
export const facebook: Api = { id: 'facebook', hosts: ['graph.facebook.com'], exchange: graph, truth };

function graph(request: WireRequest): Exchange {
  const one = request.query.get('id');
  const ids = one === null ? (request.query.get('ids') ?? '').split(',').filter(Boolean) : [one];
  const key = request.query.get('access_token') ?? '';
  const refused = refusal(request, key, ids);
  return {
    provider: 'facebook',
    asked: ids.map((id) => ({ surface: 'facebook', unit: id.replaceAll('%2C', ',') })),
    unit: ids[0] ?? '',
    limit: { key: `facebook|${key}`, windows: [{ permits: 200, perMs: HOUR, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () =>
      one === null ? json(200, Object.fromEntries(ids.map((id) => [id, rowOf(id)]))) : json(200, rowOf(one)),
    words: WORDS,
  };
}

function refusal(
  { path, method, query }: WireRequest,
  key: string,
  ids: readonly string[],
): WireAnswer | undefined {
  if (!/^\/v\d+\.\d+\/$/.test(path) || method !== 'GET') return page(404, 'Not Found');
  if (!acceptsKey(key)) return WORDS.unauthorised();
  const good = ids.length > 0 && ids.length <= PER_CALL && ids.every((id) => /^https?:\/\//.test(id));
  return good && query.get('fields') === 'engagement'
    ? undefined
    : error(400, 100, '(#100) Invalid parameter');
}

/** A few pages have never been looked at. */
function isUnknown(unit: string): boolean {
  return share(unit, 'facebook-unknown') < 0.05;
}

function rowOf(id: string): Record<string, unknown> {
  const unit = id.replaceAll('%2C', ',');
  return isUnknown(unit) ? { id } : { engagement: facebookOf(unit), id };
}

function truth(unit: string): Truth {
  if (isUnknown(unit)) return none('absent', 'no engagement');
  const { share_count, reaction_count, comment_count, comment_plugin_count } = facebookOf(unit);
  return {
    outcome: 'ok',
    numbers: {
      shares: share_count,
      reactions: reaction_count,
      comments: comment_count,
      plugin_comments: comment_plugin_count,
    },
  };
}
