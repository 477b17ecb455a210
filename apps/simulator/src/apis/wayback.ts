import { none, type Truth } from '../truth/expected.js';
import { capturesOf } from '../world/archive.js';
import { share } from '../world/hash.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api, World } from './api.js';

const WORDS: ProviderWords = {
  tooMany: () => page(429, 'Too Many Requests'),
  broken: (status) => page(status, 'Internet Archive: Error'),
  unauthorised: () => page(403, 'Forbidden'),
};

/** The index of captures, and the cheap probe. */
export const wayback: Api = {
  id: 'wayback',
  hosts: [],
  owns: ({ host, path }) =>
    (host === 'web.archive.org' && path.startsWith('/cdx/')) ||
    (host === 'archive.org' && path === '/wayback/available'),
  exchange: route,
  truth: (unit, _surface, { anchor }) => truthOf(unit, anchor),
};

function route(request: WireRequest, { anchor }: World): Exchange {
  const unit = request.query.get('url') ?? '';
  const isProbe = request.path === '/wayback/available';
  const isHost = request.query.get('matchType') === 'host';
  const refused = refusal(request, unit);
  return {
    provider: 'wayback',
    asked: [{ surface: isProbe ? 'wayback-available' : isHost ? 'wayback.host' : 'wayback.url', unit }],
    unit,
    limit: { key: 'wayback', windows: [{ permits: 24, perMs: 60_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => (isProbe ? probe(unit, anchor) : captures(request, unit, anchor)),
    words: WORDS,
  };
}

function refusal({ path, method, query }: WireRequest, unit: string): WireAnswer | undefined {
  if (method !== 'GET' || unit === '') return page(400, 'Bad Request');
  if (path === '/wayback/available') return undefined;
  if (path !== '/cdx/search/cdx') return page(404, 'Not Found');
  return query.get('output') === 'json' ? undefined : page(400, 'Bad Request');
}

/** `20250831112539` */
function stampOf(at: number): string {
  return new Date(at).toISOString().replace(/[-:T]|\.\d+Z/g, '');
}

/** One row for each run of the same digits where `collapse` asks for it; a header row where there is any. */
function captures(request: WireRequest, unit: string, anchor: number): WireAnswer {
  const digits = Number(/^timestamp:(\d+)$/.exec(request.query.get('collapse') ?? '')?.[1] ?? 14);
  const limit = Number(request.query.get('limit') ?? 100_000);
  const rows: string[][] = [];
  let last = '';
  for (const at of capturesOf(unit, anchor)) {
    const stamp = stampOf(at);
    if (stamp.slice(0, digits) === last) continue;
    last = stamp.slice(0, digits);
    rows.push([stamp, share(stamp, 'status') < 0.1 ? '-' : '200']);
  }
  if (rows.length === 0)
    return share(unit, 'empty') < 0.5
      ? json(200, [])
      : { status: 200, headers: { 'content-type': 'application/json' }, body: '' };
  return json(200, [['timestamp', 'statuscode'], ...rows.slice(0, limit)]);
}

function probe(unit: string, anchor: number): WireAnswer {
  const last = capturesOf(unit, anchor).at(-1);
  if (last === undefined) return json(200, { url: unit, archived_snapshots: {} });
  const timestamp = stampOf(last);
  const closest = {
    status: '200',
    available: true,
    url: `http://web.archive.org/web/${timestamp}/${unit}`,
    timestamp,
  };
  return json(200, { url: unit, archived_snapshots: { closest } });
}

function truthOf(unit: string, anchor: number): Truth {
  const all = capturesOf(unit.replace(/^https?:\/\//, ''), anchor);
  const [first] = all;
  if (first === undefined) return none('absent', 'never captured');
  const months = new Set(all.map((at) => new Date(at).toISOString().slice(0, 7)));
  return {
    outcome: 'ok',
    numbers: {
      months_captured: months.size,
      first_capture_at: new Date(first).toISOString(),
      last_captured_month: [...months].at(-1)!,
      capped: false,
    },
  };
}
