import type { Truth } from '../truth/expected.js';
import { talkOf } from '../world/attention.js';
import { json, page, type Exchange, type ProviderWords, type WireRequest } from '../wire/exchange.js';
import type { Api } from './api.js';

const WORDS: ProviderWords = {
  tooMany: () => page(429, 'Too Many Requests'),
  broken: (status) => page(status, 'Server Error'),
  unauthorised: () => page(403, 'Forbidden'),
};

/** Shares and clicks of one URL. */
export const sharethis: Api = {
  id: 'sharethis',
  hosts: ['count-server.sharethis.com'],
  exchange: counts,
  truth,
};

function counts(request: WireRequest): Exchange {
  const unit = request.query.get('url') ?? '';
  const good = request.path === '/v2.0/get_counts' && request.method === 'GET' && unit !== '';
  return {
    provider: 'sharethis',
    asked: [{ surface: 'sharethis', unit }],
    unit,
    limit: { key: 'sharethis', windows: [{ permits: 2, perMs: 1_000, of: 'calls' }] },
    ...(!good && { refused: page(404, 'Not Found') }),
    answer: () => {
      const { total, shares, clicks } = countsOf(unit);
      return json(200, { total, shares: { all: shares }, clicks: { all: clicks } });
    },
    words: WORDS,
  };
}

function countsOf(unit: string): { total: number; shares: number; clicks: number } {
  const shares = Math.max(0, talkOf(unit, 'sharethis', 4.5));
  const clicks = Math.round(shares * 0.25);
  return { total: shares + clicks, shares, clicks };
}

function truth(unit: string): Truth {
  return { outcome: 'ok', numbers: countsOf(unit) };
}
