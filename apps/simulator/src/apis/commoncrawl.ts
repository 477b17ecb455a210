import { none, type Truth } from '../truth/expected.js';
import { hash32, share } from '../world/hash.js';
import { isUnseenBy } from '../world/link-profile.js';
import { domainOf } from '../world/unit.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';

const CRAWLS = ['CC-MAIN-2026-43', 'CC-MAIN-2026-38'];
const MOST = 100;
const STARTED = Date.UTC(2026, 9, 4);

const WORDS: ProviderWords = {
  tooMany: () => json(503, { message: 'Please reduce your request rate.' }),
  broken: (status) => page(status, 'Server Error'),
  unauthorised: () => page(403, 'Forbidden'),
};

/** The list of crawls, then the index of one: a JSON object a line. */
export const commoncrawl: Api = {
  id: 'commoncrawl',
  hosts: ['index.commoncrawl.org'],
  exchange: (request) => (request.path === '/collinfo.json' ? collections() : index(request)),
  truth,
};

function collections(): Exchange {
  const list = CRAWLS.map((id) => ({
    id,
    name: `${id} Index`,
    'cdx-api': `https://index.commoncrawl.org/${id}-index`,
  }));
  return {
    provider: 'commoncrawl',
    asked: [{ surface: 'commoncrawl-collections', unit: 'collinfo.json' }],
    unit: 'collinfo.json',
    answer: () => json(200, list),
    words: WORDS,
  };
}

function index(request: WireRequest): Exchange {
  const unit = request.query.get('url') ?? '';
  const matchType = request.query.get('matchType') ?? 'exact';
  const refused = refusal(request, matchType, unit);
  return {
    provider: 'commoncrawl',
    asked: [{ surface: matchType === 'domain' ? 'commoncrawl.domain' : 'commoncrawl.url', unit }],
    unit,
    limit: { key: 'commoncrawl', windows: [{ permits: 1, perMs: 1_900, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(unit, matchType, Number(request.query.get('limit') ?? MOST)),
    words: WORDS,
  };
}

function refusal(
  { path, method, query }: WireRequest,
  matchType: string,
  unit: string,
): WireAnswer | undefined {
  if (method !== 'GET' || !CRAWLS.some((id) => path === `/${id}-index`)) return page(404, 'Not Found');
  if (!['exact', 'prefix', 'host', 'domain'].includes(matchType))
    return json(400, { message: `Invalid match_type: ${matchType}` });
  return unit !== '' && query.get('output') === 'json'
    ? undefined
    : json(400, { message: 'The "url" param is required' });
}

interface Capture {
  readonly url: string;
  readonly digest: string;
  readonly timestamp: string;
}

/** Some captures of a page are of the same content. */
function capturesOf(unit: string, isDomain: boolean): Capture[] {
  if (isUnseenBy('commoncrawl', isDomain ? domainOf(unit) : unit)) return [];
  const pages = isDomain ? 1 + Math.floor(10 ** (2.3 * share(unit, 'crawled-pages'))) : 1;
  return Array.from({ length: pages }, (_, at) =>
    isDomain ? `https://${unit}/${at === 0 ? '' : `page-${at}`}` : `https://${unit}`,
  ).flatMap((url) =>
    Array.from({ length: 1 + (hash32(`crawls|${url}`) % 2) }, (_, nth) => ({
      url,
      digest: `SHA${hash32(`${url}|${share(url, 'same') < 0.5 ? 0 : nth}`)}`,
      timestamp: new Date(STARTED + (hash32(`at|${url}|${nth}`) % 1_000_000) * 1_000)
        .toISOString()
        .replace(/[-:T]|\.\d+Z/g, ''),
    })),
  );
}

function answerOf(unit: string, matchType: string, limit: number): WireAnswer {
  const rows = capturesOf(unit, matchType === 'domain').slice(0, limit);
  if (rows.length === 0) return json(404, { message: `No Captures found for: ${unit}` });
  const lines = rows.map(({ url, digest, timestamp }) =>
    JSON.stringify({
      urlkey: unit,
      timestamp,
      url,
      mime: 'text/html',
      status: '200',
      digest,
      length: '7529',
      offset: '1',
      filename: 'crawl-data/sim.warc.gz',
    }),
  );
  return { status: 200, headers: { 'content-type': 'text/x-ndjson' }, body: `${lines.join('\n')}\n` };
}

function truth(asked: string, surface: string): Truth {
  const unit = asked.replace(/^https?:\/\//, '').replace(/#.*$/, '');
  const rows = capturesOf(unit, surface === 'commoncrawl.domain').slice(0, MOST);
  if (rows.length === 0) return none('absent', 'not in the latest crawl');
  const last = rows.map(({ timestamp }) => timestamp).reduce((a, b) => (b > a ? b : a));
  const iso = last.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6.000Z');
  return {
    outcome: 'ok',
    numbers: {
      captures: new Set(rows.map(({ url, digest }) => `${digest} ${url}`)).size,
      pages: new Set(rows.map(({ url }) => url)).size,
      last_capture_at: iso,
      capped: rows.length >= MOST,
    },
  };
}
