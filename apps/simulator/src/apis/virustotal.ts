import { none, type Truth } from '../truth/expected.js';
import { classOf } from '../world/domain-class.js';
import { draws } from '../world/hash.js';
import { isUnseenBy } from '../world/link-profile.js';
import { threatsOf } from '../world/threats.js';
import { decoded, domainOf, isAddress } from '../world/unit.js';
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
const FIRST_S = Date.UTC(2026, 0, 1) / 1_000;

const error = (status: number, code: string, message: string) => json(status, { error: { code, message } });
const WORDS: ProviderWords = {
  tooMany: () => error(429, 'TooManyRequestsError', 'Too many requests'),
  exhausted: () => error(429, 'QuotaExceededError', 'Quota exceeded'),
  broken: (status) => error(status, status === 503 ? 'TransientError' : 'InternalError', 'Server error'),
  unauthorised: () => error(401, 'WrongCredentialsError', 'Wrong API key'),
  noRetryAfter: true,
};

/** URLs by base64url without padding, domains by name; four calls a minute, 500 a day. */
export const virustotal: Api = { id: 'virustotal', hosts: ['www.virustotal.com'], exchange: look, truth };

function look(request: WireRequest): Exchange {
  const [, kind = '', id = ''] = /^\/api\/v3\/(urls|domains)\/([^/]+)$/.exec(request.path) ?? [];
  const unit = kind === 'urls' ? Buffer.from(id, 'base64url').toString('utf8') : decoded(id);
  const surface = kind === 'urls' ? 'virustotal.url' : 'virustotal.domain';
  const key = String(request.headers['x-apikey'] ?? '');
  const refused = refusal(request, kind, key, id);
  return {
    provider: 'virustotal',
    asked: [{ surface, unit }],
    unit,
    limit: {
      key: `virustotal|${key}`,
      windows: [
        { permits: 4, perMs: 60_000, of: 'calls' },
        { permits: 500, perMs: DAY, of: 'calls', resets: 'utc' },
      ],
    },
    ...(refused && { refused }),
    answer: () => answerOf(unit, surface),
    words: WORDS,
  };
}

function refusal(request: WireRequest, kind: string, key: string, id: string): WireAnswer | undefined {
  if (kind === '' || request.method !== 'GET') return page(404, 'Not Found');
  if (!acceptsKey(key)) return WORDS.unauthorised();
  if (id.includes('=')) return error(400, 'InvalidArgumentError', 'the id holds padding');
  return undefined;
}

interface Analysis {
  readonly stats: Readonly<
    Record<'malicious' | 'suspicious' | 'harmless' | 'undetected' | 'timeout', number>
  >;
  readonly reputation: number;
  readonly submitted: number;
  readonly votes: Readonly<Record<'harmless' | 'malicious', number>>;
  readonly status: number;
  readonly atS: number;
}

/** Some eighty engines; those of a listed address mostly agree. */
function analysisOf(unit: string, surface: string): Analysis | undefined {
  if (isAddress(unit) || isUnseenBy('virustotal', unit)) return undefined;
  const draw = draws(`virustotal|${surface}|${unit}`);
  const isBad =
    surface === 'virustotal.url' ? threatsOf(unit).length > 0 : classOf(domainOf(unit)) === 'spam';
  const malicious = isBad ? draw.int(3, 22) : draw.chance(0.03) ? 1 : 0;
  const suspicious = isBad ? draw.int(0, 4) : 0;
  const undetected = draw.int(4, 20);
  return {
    stats: {
      malicious,
      suspicious,
      undetected,
      timeout: draw.chance(0.1) ? 1 : 0,
      harmless: 80 - malicious - suspicious - undetected,
    },
    reputation: isBad ? -draw.int(0, 60) : draw.int(0, 40),
    submitted: draw.int(1, 5_000),
    votes: { harmless: draw.int(0, 9), malicious: isBad ? draw.int(0, 30) : 0 },
    status: draw.chance(0.9) ? 200 : 404,
    atS: FIRST_S + draw.int(0, 250) * 86_400,
  };
}

function answerOf(unit: string, surface: string): WireAnswer {
  const found = analysisOf(unit, surface);
  const isUrl = surface === 'virustotal.url';
  if (!found)
    return error(404, 'NotFoundError', `${isUrl ? 'URL' : 'Domain'} "${unit.slice(0, 80)}" not found`);
  const attributes = {
    ...(isUrl && { url: unit, times_submitted: found.submitted, last_http_response_code: found.status }),
    reputation: found.reputation,
    last_analysis_date: found.atS,
    total_votes: found.votes,
    last_analysis_stats: found.stats,
    categories: {},
    tags: [],
  };
  return json(200, { data: { type: isUrl ? 'url' : 'domain', id: unit.slice(0, 64), attributes } });
}

function truth(unit: string, surface: string): Truth {
  const isUrl = surface === 'virustotal.url';
  if (!isUrl && isAddress(unit)) return none('skipped', 'unsupported');
  const found = analysisOf(unit, surface);
  if (!found) return none('absent', 'never analysed');
  const { timeout, ...stats } = found.stats;
  return {
    outcome: 'ok',
    numbers: {
      ...stats,
      timeouts: timeout,
      reputation: found.reputation,
      votes_harmless: found.votes.harmless,
      votes_malicious: found.votes.malicious,
      analysed_at: new Date(found.atS * 1_000).toISOString(),
      ...(isUrl && { times_submitted: found.submitted, http_status: found.status }),
    },
  };
}
