import { none, type Truth } from '../truth/expected.js';
import { share } from '../world/hash.js';
import { threatsOf } from '../world/threats.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api, World } from './api.js';
import { formOf } from './credentials.js';
import { acceptsKey } from './keys.js';

const DAY = 86_400_000;
const FIRST = Date.UTC(2025, 0, 1);

const WORDS: ProviderWords = {
  tooMany: () => ({
    status: 509,
    headers: { 'x-request-limit-interval': '300', 'x-request-limit': '600', 'x-request-count': '601' },
    body: 'You have exceeded the request limit.',
  }),
  broken: (status) => page(status, 'Internal Server Error'),
  unauthorised: () => json(200, { meta: { status: 'error' }, errortext: 'Invalid application key.' }),
  noRetryAfter: true,
};

/** A form for one URL; what nobody reported is not `in_database`. */
export const phishtank: Api = { id: 'phishtank', hosts: ['checkurl.phishtank.com'], exchange: check, truth };

function check(request: WireRequest, world: World): Exchange {
  const form = formOf(request);
  const url = form?.get('url') ?? '';
  const key = form?.get('app_key') ?? '';
  const refused = refusal(request, form, key);
  return {
    provider: 'phishtank',
    asked: [{ surface: 'phishtank', unit: url }],
    unit: url,
    limit: { key: `phishtank|${key}`, windows: [{ permits: 5, perMs: 1_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(url, world.now()),
    words: WORDS,
  };
}

function refusal(
  request: WireRequest,
  form: URLSearchParams | undefined,
  key: string,
): WireAnswer | undefined {
  if (request.path !== '/checkurl/' || request.method !== 'POST') return page(404, 'Not Found');
  if (!request.headers['user-agent']) return page(403, 'Forbidden');
  if (!acceptsKey(key)) return WORDS.unauthorised();
  if (!form?.get('url') || form.get('format') !== 'json')
    return json(200, { meta: { status: 'error' }, errortext: 'Missing parameter: url' });
  return undefined;
}

interface Phish {
  readonly verified: boolean;
  readonly valid: boolean;
  readonly verifiedAt: number;
}

function phishOf(url: string): Phish | undefined {
  if (!threatsOf(url).includes('SOCIAL_ENGINEERING')) return undefined;
  const verifiedAt = FIRST + Math.floor(share(url, 'verified-at') * 500) * DAY;
  return { verified: share(url, 'verified') < 0.8, valid: share(url, 'valid') < 0.9, verifiedAt };
}

function answerOf(url: string, now: number): WireAnswer {
  const meta = { timestamp: withZone(now), serverid: 'sim', status: 'success', requestid: 'sim' };
  const found = phishOf(url);
  if (!found) return json(200, { meta, results: { url, in_database: false } });
  const results = {
    url,
    in_database: true,
    phish_id: '4451648',
    phish_detail_page: 'http://www.phishtank.com/phish_detail.php?phish_id=4451648',
    verified: found.verified,
    verified_at: found.verified ? withZone(found.verifiedAt) : null,
    valid: found.valid,
  };
  return json(200, { meta, results });
}

function withZone(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, '+00:00');
}

function truth(unit: string): Truth {
  const found = phishOf(unit);
  if (!found) return none('absent', 'not reported');
  const { verified, valid, verifiedAt } = found;
  const at = verified ? { verified_at: new Date(verifiedAt).toISOString() } : {};
  return { outcome: 'ok', numbers: { in_database: true, verified, valid, phish: verified && valid, ...at } };
}
