import type { Truth } from '../truth/expected.js';
import { talkOf } from '../world/attention.js';
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

const DAY = 86_400_000;

const error = (HTTP_Code: number, Type: string, Error: string) => json(HTTP_Code, { Error, Type, HTTP_Code });
const WORDS: ProviderWords = {
  tooMany: () => error(429, 'rate_limited', 'Too many requests.'),
  exhausted: () => error(401, 'quota_exceeded', 'Daily quota exceeded.'),
  broken: (status) => page(status, 'Server Error'),
  unauthorised: () => error(401, 'invalid_api_key', 'API key not valid.'),
};

/** Counts of one URL. */
export const sharedcount: Api = {
  id: 'sharedcount',
  hosts: ['api.sharedcount.com'],
  exchange: counts,
  truth,
};

function counts(request: WireRequest): Exchange {
  const unit = request.query.get('url') ?? '';
  const key = request.query.get('apikey') ?? '';
  const refused = refusal(request, key, unit);
  return {
    provider: 'sharedcount',
    asked: [{ surface: 'sharedcount', unit }],
    unit,
    limit: {
      key: `sharedcount|${key}`,
      windows: [{ permits: 10_000, perMs: DAY, of: 'calls', resets: 'utc' }],
    },
    ...(refused && { refused }),
    answer: () => answerOf(unit),
    words: WORDS,
  };
}

function refusal({ path, method }: WireRequest, key: string, unit: string): WireAnswer | undefined {
  if (path !== '/v1.1/' || method !== 'GET') return page(404, 'Not Found');
  if (!acceptsKey(key)) return WORDS.unauthorised();
  return /^https?:\/\//.test(unit) ? undefined : error(400, 'invalid_url', 'Not a valid URL.');
}

/** Null where Pinterest did not answer. */
function pinterestOf(unit: string): number | null {
  if (share(unit, 'no-pinterest') < 0.05) return null;
  return Math.max(0, talkOf(unit, 'pinterest', 4));
}

function answerOf(unit: string): WireAnswer {
  const counts = facebookOf(unit);
  const total_count = counts.share_count + counts.reaction_count + counts.comment_count;
  return json(200, { Facebook: { ...counts, total_count, og_object: null }, Pinterest: pinterestOf(unit) });
}

function truth(unit: string): Truth {
  const { share_count, reaction_count, comment_count, comment_plugin_count } = facebookOf(unit);
  const pinterest = pinterestOf(unit);
  return {
    outcome: 'ok',
    numbers: {
      facebook_total: share_count + reaction_count + comment_count,
      facebook_shares: share_count,
      facebook_reactions: reaction_count,
      facebook_comments: comment_count,
      facebook_plugin_comments: comment_plugin_count,
      ...(pinterest !== null && { pinterest }),
    },
  };
}
