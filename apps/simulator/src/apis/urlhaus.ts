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
import type { Api } from './api.js';
import { formOf } from './credentials.js';
import { acceptsKey } from './keys.js';

const DAY = 86_400_000;
const FIRST = Date.UTC(2024, 0, 1);

const WORDS: ProviderWords = {
  tooMany: () => json(429, { query_status: 'rate_limited' }),
  broken: (status) => page(status, 'Internal Server Error'),
  unauthorised: () => json(401, { error: 'Unauthorized' }),
};

/** A form for a URL or a host; what is not listed answers `no_results` under status 200. */
export const urlhaus: Api = { id: 'urlhaus', hosts: ['urlhaus-api.abuse.ch'], exchange: look, truth };

function look(request: WireRequest): Exchange {
  const kind = /^\/v1\/(url|host)\/$/.exec(request.path)?.[1] ?? '';
  const unit = formOf(request)?.get(kind) ?? '';
  const key = String(request.headers['auth-key'] ?? '');
  const refused = refusal(request, kind, key, unit);
  return {
    provider: 'urlhaus',
    asked: [{ surface: `urlhaus.${kind}`, unit }],
    unit,
    limit: { key: `urlhaus|${key}`, windows: [{ permits: 2, perMs: 1_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () =>
      json(200, (kind === 'host' ? hostRecord(unit) : urlRecord(unit)) ?? { query_status: 'no_results' }),
    words: WORDS,
  };
}

function refusal(request: WireRequest, kind: string, key: string, unit: string): WireAnswer | undefined {
  if (kind === '') return page(404, 'Not Found');
  if (request.method !== 'POST') return json(200, { query_status: 'http_post_expected' });
  if (!acceptsKey(key)) return WORDS.unauthorised();
  if (unit === '') return json(200, { query_status: `invalid_${kind}` });
  return undefined;
}

/** Only what spreads malware is listed here. */
function isListed(url: string): boolean {
  return threatsOf(url).includes('MALWARE');
}

function addedAt(unit: string): number {
  return (
    FIRST + Math.floor(share(unit, 'added') * 900) * DAY + Math.floor(share(unit, 'second') * 86_400) * 1_000
  );
}

/** `2019-01-19 01:33:26 UTC` */
function written(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function blacklistsOf(unit: string): Record<string, string> {
  return {
    spamhaus_dbl: share(unit, 'dbl') < 0.5 ? 'abused_legit_malware' : 'not listed',
    surbl: share(unit, 'surbl') < 0.4 ? 'listed' : 'not listed',
  };
}

function tagsOf(url: string): string[] | null {
  return share(url, 'tags') < 0.2
    ? null
    : ['emotet', 'epoch2', 'heodo'].slice(0, 1 + Math.floor(share(url, 'tag') * 3));
}

function isOnline(url: string): boolean {
  return share(url, 'online') < 0.5;
}

function urlRecord(url: string): object | undefined {
  if (!isListed(url)) return undefined;
  return {
    query_status: 'ok',
    id: String(100_000 + Math.floor(share(url, 'id') * 900_000)),
    url,
    url_status: isOnline(url) ? 'online' : 'offline',
    host: url.split('/')[2],
    date_added: written(addedAt(url)),
    last_online: null,
    threat: 'malware_download',
    blacklists: blacklistsOf(url),
    reporter: 'simulated',
    larted: 'true',
    takedown_time_seconds: null,
    tags: tagsOf(url),
    payloads: Array.from({ length: payloadsOf(url) }, () => ({
      virustotal: { result: '16 / 58', percent: '27.59' },
    })),
  };
}

function payloadsOf(url: string): number {
  return Math.floor(share(url, 'payloads') * 4);
}

/** A host is listed where its start page would be. */
function hostRecord(host: string): object | undefined {
  const count = malwareUrlsOf(host);
  if (count === 0) return undefined;
  return {
    query_status: 'ok',
    host,
    firstseen: written(addedAt(host)),
    url_count: String(count),
    blacklists: blacklistsOf(host),
    urls: [{ id: '121319', url: `http://${host}/x.exe`, url_status: 'offline' }],
  };
}

function malwareUrlsOf(host: string): number {
  return isListed(`http://${host}/`) ? 1 + Math.floor(share(host, 'malware-urls') * 40) : 0;
}

function truth(unit: string, surface: string): Truth {
  const isHost = surface === 'urlhaus.host';
  if (isHost ? malwareUrlsOf(unit) === 0 : !isListed(unit)) return none('absent', 'not listed');
  const shared = {
    listed: true,
    blacklist_count: Object.values(blacklistsOf(unit)).filter((word) => word !== 'not listed').length,
    added_at: new Date(addedAt(unit)).toISOString(),
  };
  if (isHost) return { outcome: 'ok', numbers: { ...shared, url_count: malwareUrlsOf(unit) } };
  const tags = tagsOf(unit);
  return {
    outcome: 'ok',
    numbers: {
      ...shared,
      online: isOnline(unit),
      threat: 'malware_download',
      payload_count: payloadsOf(unit),
      ...(tags && { tag_count: tags.length }),
    },
  };
}
