import type { Truth } from '../truth/expected.js';
import type { Api } from './api.js';
import { share } from '../world/hash.js';
import { threatsOf } from '../world/threats.js';
import {
  json,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import { googleError } from './google-error.js';
import { acceptsKey } from './keys.js';
import { parseObject } from './parse-object.js';

const HOST = 'safebrowsing.googleapis.com';
const PER_CALL = 500;
const DAY = 86_400_000;
const WORDS: ProviderWords = {
  tooMany: () => quota('Queries per minute'),
  exhausted: () => quota('Queries per day'),
  broken: (status) =>
    googleError(status, status === 503 ? 'UNAVAILABLE' : 'INTERNAL', 'Internal error encountered.'),
  unauthorised: () => googleError(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'),
};

function quota(limit: string): WireAnswer {
  const message = `Quota exceeded for quota metric 'Queries' and limit '${limit}' of service '${HOST}'`;
  return googleError(429, 'RESOURCE_EXHAUSTED', message);
}

export const safebrowsing: Api = {
  id: 'safebrowsing',
  hosts: [HOST],
  exchange: lookup,
  truth: safebrowsingTruth,
};

/** Version 4 of the Lookup API: up to 500 addresses a call, only those with a finding come back. */
function lookup(request: WireRequest): Exchange {
  const body = parseObject(request.body);
  const urls = urlsOf(body);
  const key = request.query.get('key') ?? '';
  const refused = refusal(request, key, body, urls);
  return {
    provider: 'safebrowsing',
    asked: (urls ?? []).map((unit) => ({ surface: 'safebrowsing', unit })),
    unit: urls?.[0] ?? '',
    limit: { key: `safebrowsing|${key}`, windows: [{ permits: 10_000, perMs: DAY, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(urls ?? []),
    words: { ...WORDS, tooMany: () => quota('Queries per day') },
  };
}

function refusal(
  request: WireRequest,
  key: string,
  body: Readonly<Record<string, unknown>> | undefined,
  urls: readonly string[] | undefined,
): WireAnswer | undefined {
  if (request.path !== '/v4/threatMatches:find' || request.method !== 'POST')
    return googleError(404, 'NOT_FOUND', 'Requested entity was not found.');
  if (key === '') return googleError(403, 'PERMISSION_DENIED', 'The request is missing a valid API key.');
  if (!acceptsKey(key)) return WORDS.unauthorised();
  if (!body) return googleError(400, 'INVALID_ARGUMENT', 'Invalid JSON payload received.');
  if (!urls || urls.length === 0) return googleError(400, 'INVALID_ARGUMENT', 'Invalid threat entries.');
  if (urls.length > PER_CALL)
    return googleError(400, 'INVALID_ARGUMENT', `Too many threat entries: at most ${PER_CALL}.`);
  return undefined;
}

function urlsOf(body: Readonly<Record<string, unknown>> | undefined): string[] | undefined {
  const info = body?.['threatInfo'] as { threatEntries?: { url?: unknown }[] } | undefined;
  if (!Array.isArray(info?.threatEntries)) return undefined;
  const urls = info.threatEntries.map((entry) => entry?.url);
  return urls.every((url) => typeof url === 'string') ? (urls as string[]) : undefined;
}

function answerOf(urls: readonly string[]): WireAnswer {
  const matches = urls.flatMap((url) => threatsOf(url).map((threatType) => match(url, threatType)));
  return json(200, matches.length > 0 ? { matches } : {});
}

function match(url: string, threatType: string): Record<string, unknown> {
  return {
    threatType,
    platformType: 'ANY_PLATFORM',
    threatEntryType: 'URL',
    threat: { url },
    ...(threatType === 'MALWARE' && {
      threatEntryMetadata: { entries: [{ key: 'malware_threat_type', value: 'landing' }] },
    }),
    cacheDuration: share(url, 'cache') < 0.5 ? '300s' : '300.000s',
  };
}

function safebrowsingTruth(unit: string): Truth {
  const threats = threatsOf(unit);
  const flags = ['MALWARE', 'SOCIAL_ENGINEERING', 'UNWANTED_SOFTWARE', 'POTENTIALLY_HARMFUL_APPLICATION'].map(
    (type) => [type.toLowerCase(), threats.includes(type)] as const,
  );
  return {
    outcome: 'ok',
    numbers: { threats: threats.length, match_count: threats.length, ...Object.fromEntries(flags) },
  };
}
