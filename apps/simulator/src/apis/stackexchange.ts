import type { Truth } from '../truth/expected.js';
import { talkOf } from '../world/attention.js';
import {
  json,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';
import { acceptsKey } from './keys.js';

const DAY = 86_400_000;

const error = (status: number, error_id: number, error_name: string, error_message: string) =>
  json(status, { error_id, error_name, error_message });
const throttle = (seconds: number) =>
  error(
    400,
    502,
    'throttle_violation',
    `too many requests from this IP, more requests available in ${seconds} seconds`,
  );
const WORDS: ProviderWords = {
  tooMany: (waitMs = 2_000) => throttle(Math.ceil(waitMs / 1_000)),
  exhausted: (waitMs = 46_472_000) => throttle(Math.ceil(waitMs / 1_000)),
  broken: (status) => error(status, 500, 'internal_error', 'Internal error'),
  unauthorised: () => error(400, 400, 'bad_parameter', '`key` is not valid for passed `client_id`'),
  noRetryAfter: true,
};

/** Search of questions; a throttle comes as 400. 300 calls a day without a key, 10,000 with. */
export const stackexchange: Api = {
  id: 'stackexchange',
  hosts: ['api.stackexchange.com'],
  exchange: search,
  truth,
};

function search(request: WireRequest): Exchange {
  const { query } = request;
  const unit = (query.get('url') ?? '').replace(/^\*|\*$/g, '');
  const key = query.get('key');
  const refused = refusal(request, key, unit);
  const permits = key === null ? 300 : 10_000;
  return {
    provider: 'stackexchange',
    asked: [{ surface: 'stackexchange', unit }],
    unit,
    limit: {
      key: `stackexchange|${key ?? ''}`,
      windows: [
        { permits: 30, perMs: 1_000, of: 'calls' },
        { permits, perMs: DAY, of: 'calls', resets: 'utc' },
      ],
    },
    ...(refused && { refused }),
    answer: () => answerOf(unit, query.get('filter') === 'total', permits),
    words: WORDS,
  };
}

function refusal(
  { path, method, query }: WireRequest,
  key: string | null,
  unit: string,
): WireAnswer | undefined {
  if (path !== '/2.3/search/advanced' || method !== 'GET')
    return error(404, 404, 'no_method', 'no method found with this name');
  if (key !== null && !acceptsKey(key)) return WORDS.unauthorised();
  return unit !== '' && query.get('site') ? undefined : error(400, 400, 'bad_parameter', 'site is required');
}

function totalOf(unit: string): number {
  return Math.max(0, talkOf(unit, 'stackexchange', 1.5));
}

function answerOf(unit: string, totalOnly: boolean, quota_max: number): WireAnswer {
  if (totalOnly) return json(200, { total: totalOf(unit) });
  return json(200, { items: [], has_more: false, quota_max, quota_remaining: quota_max - 1 });
}

function truth(unit: string): Truth {
  return { outcome: 'ok', numbers: { posts: totalOf(unit) } };
}
