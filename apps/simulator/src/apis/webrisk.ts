import type { Truth } from '../truth/expected.js';
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
import { googleError } from './google-error.js';
import { acceptsKey } from './keys.js';

const HOST = 'webrisk.googleapis.com';
const KNOWN = ['MALWARE', 'SOCIAL_ENGINEERING', 'UNWANTED_SOFTWARE'];
const MATCH_MS = 600_000;

const WORDS: ProviderWords = {
  tooMany: () =>
    googleError(
      429,
      'RESOURCE_EXHAUSTED',
      `Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service '${HOST}'`,
    ),
  broken: (status) =>
    googleError(status, status === 503 ? 'UNAVAILABLE' : 'INTERNAL', 'Internal error encountered.'),
  unauthorised: () => googleError(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'),
};

/** One address a call; `{}` for one that is not listed. */
export const webrisk: Api = { id: 'webrisk', hosts: [HOST], exchange: search, truth };

function search(request: WireRequest, world: World): Exchange {
  const uri = request.query.get('uri') ?? '';
  const key = request.query.get('key') ?? '';
  const types = request.query.getAll('threatTypes');
  const refused = refusal(request, key, uri, types);
  return {
    provider: 'webrisk',
    asked: [{ surface: 'webrisk', unit: uri }],
    unit: uri,
    limit: { key: `webrisk|${key}`, windows: [{ permits: 6_000, perMs: 60_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(uri, types, world.now()),
    words: WORDS,
  };
}

function refusal(
  request: WireRequest,
  key: string,
  uri: string,
  types: readonly string[],
): WireAnswer | undefined {
  if (request.path !== '/v1/uris:search' || request.method !== 'GET') return page(404, 'Not Found');
  if (!acceptsKey(key)) return WORDS.unauthorised();
  if (uri === '' || types.length === 0 || types.some((type) => !KNOWN.includes(type)))
    return googleError(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.');
  return undefined;
}

function answerOf(uri: string, types: readonly string[], now: number): WireAnswer {
  const threatTypes = threatsOf(uri).filter((type) => types.includes(type));
  if (threatTypes.length === 0) return json(200, {});
  const expireTime = new Date(now + MATCH_MS).toISOString().replace('Z', '123456Z');
  return json(200, { threat: { threatTypes, expireTime } });
}

function truth(unit: string): Truth {
  const threats = threatsOf(unit).filter((type) => KNOWN.includes(type));
  const flags = KNOWN.map((type) => [type.toLowerCase(), threats.includes(type)] as const);
  return { outcome: 'ok', numbers: { threats: threats.length, ...Object.fromEntries(flags) } };
}
