import { none, type Truth } from '../truth/expected.js';
import { classOf } from '../world/domain-class.js';
import { share } from '../world/hash.js';
import { speedOf } from '../world/speed.js';
import { domainOf, isAddress } from '../world/unit.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';

const TESTS = 10;
const AT = '2026-10-20T08:20:18.926Z';

const WORDS: ProviderWords = {
  tooMany: () => json(429, { error: 'too-many-requests', message: 'Too many requests' }),
  broken: (status) => json(status, { error: 'error-unknown', message: 'Internal error' }),
  unauthorised: () => json(403, { error: 'forbidden', message: 'Forbidden' }),
};

/** A scan for a POST without body; a host that does not resolve or answer is told in `error`. */
export const observatory: Api = {
  id: 'observatory',
  hosts: ['observatory-api.mdn.mozilla.net'],
  exchange: scan,
  truth,
};

function scan(request: WireRequest): Exchange {
  const unit = request.query.get('host') ?? '';
  const refused = refusal(request, unit);
  return {
    provider: 'observatory',
    asked: [{ surface: 'observatory', unit }],
    unit,
    slowMs: 50 + Math.floor(100 * share(unit, 'scan')),
    limit: { key: `observatory|${unit}`, windows: [{ permits: 1, perMs: 60_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(unit),
    words: WORDS,
  };
}

function refusal(request: WireRequest, unit: string): WireAnswer | undefined {
  if (request.path !== '/api/v2/scan') return page(404, 'Not Found');
  if (request.method !== 'POST') return json(405, { error: 'method-not-allowed', message: 'POST it' });
  if (isAddress(unit))
    return json(422, { error: 'invalid-hostname-ip', message: 'Cannot scan IP addresses' });
  return unit.includes('.')
    ? undefined
    : json(422, { error: 'invalid-hostname', message: 'not a valid hostname' });
}

function errorOf(host: string): 'invalid-hostname-lookup' | 'site-down' | undefined {
  if (classOf(domainOf(host)) === 'dead') return 'invalid-hostname-lookup';
  return share(host, 'down') < 0.02 ? 'site-down' : undefined;
}

const GRADES: readonly (readonly [from: number, grade: string])[] = [
  [100, 'A+'],
  [90, 'A'],
  [70, 'B'],
  [50, 'C'],
  [30, 'D'],
  [0, 'F'],
];

function resultOf(host: string): { score: number; grade: string; failed: number } {
  const { security: score } = speedOf(host);
  const grade = GRADES.find(([from]) => score >= from)?.[1] ?? 'F';
  return { score, grade, failed: Math.max(0, Math.round((TESTS * (100 - score)) / 100)) };
}

function answerOf(host: string): WireAnswer {
  const error = errorOf(host);
  if (error)
    return json(share(host, 'status') < 0.5 ? 200 : 422, { error, message: `${host} cannot be scanned` });
  const { score, grade, failed } = resultOf(host);
  return json(200, {
    id: 77_666_718,
    details_url: `https://developer.mozilla.org/en-US/observatory/analyze?host=${host}`,
    algorithm_version: 4,
    scanned_at: AT,
    error: null,
    grade,
    score,
    status_code: 200,
    tests_failed: failed,
    tests_passed: TESTS - failed,
    tests_quantity: TESTS,
  });
}

function truth(host: string): Truth {
  if (isAddress(host)) return none('failed', 'invalid-hostname-ip');
  const error = errorOf(host);
  if (error) return none('absent', error);
  const { score, grade, failed } = resultOf(host);
  return {
    outcome: 'ok',
    numbers: { score, grade, tests_failed: failed, tests_passed: TESTS - failed, tests_quantity: TESTS },
  };
}
