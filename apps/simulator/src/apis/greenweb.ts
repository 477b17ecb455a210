import { none, type Truth } from '../truth/expected.js';
import { share } from '../world/hash.js';
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

const PER_CALL = 100;
const MULTI = /^\/v2\/greencheckmulti\/(.+)$/;
const ONE = /^\/api\/v3\/greencheck\/([^/]+)$/;
const HOSTERS = ['Google Inc.', 'Hetzner Online AG', 'OVH SAS', 'Infomaniak'];

const WORDS: ProviderWords = {
  tooMany: () => json(429, { detail: 'Request was throttled.' }),
  broken: (status) => page(status, 'Server Error'),
  unauthorised: () => json(403, { detail: 'Forbidden' }),
};

/** One host, or a JSON list of up to a hundred inside the path. */
export const greenweb: Api = {
  id: 'greenweb',
  hosts: ['api.thegreenwebfoundation.org'],
  exchange: check,
  truth,
};

function check(request: WireRequest): Exchange {
  const one = ONE.exec(request.path)?.[1];
  const hosts = one === undefined ? listOf(MULTI.exec(request.path)?.[1]) : [decoded(one)];
  const refused =
    hosts && request.method === 'GET' ? undefined : json(400, { detail: 'not a list of hosts' });
  return {
    provider: 'greenweb',
    asked: (hosts ?? []).map((unit) => ({ surface: 'greenweb', unit })),
    unit: hosts?.[0] ?? '',
    limit: { key: 'greenweb', windows: [{ permits: 5, perMs: 1_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(hosts ?? [], one !== undefined),
    words: WORDS,
  };
}

function listOf(encoded: string | undefined): string[] | undefined {
  try {
    const list: unknown = JSON.parse(decoded(encoded ?? ''));
    const good =
      Array.isArray(list) && list.length <= PER_CALL && list.every((host) => typeof host === 'string');
    return good ? (list as string[]) : undefined;
  } catch {
    return undefined;
  }
}

/** Who hosts it on green energy; undefined: not known to be. */
function hosterOf(host: string): string | undefined {
  const at = share(domainOf(host), 'green');
  return at < 0.35 ? HOSTERS[Math.floor((at / 0.35) * HOSTERS.length)] : undefined;
}

function rowOf(host: string): Record<string, unknown> {
  const hosted_by = hosterOf(host);
  if (hosted_by === undefined) return { url: host, green: false };
  return { url: host, hosted_by, hosted_by_website: 'https://hosting.example', partner: null, green: true };
}

function answerOf(hosts: readonly string[], single: boolean): WireAnswer {
  const [first = ''] = hosts;
  if (single)
    return json(200, {
      ...rowOf(first),
      hosted_by_id: 1,
      modified: '2026-10-01T00:00:00',
      supporting_documents: [],
    });
  return json(200, Object.fromEntries(hosts.map((host) => [host, rowOf(host)])));
}

function truth(host: string): Truth {
  if (isAddress(host)) return none('skipped', 'unsupported');
  const hosted_by = hosterOf(host);
  return { outcome: 'ok', numbers: hosted_by === undefined ? { green: false } : { green: true, hosted_by } };
}
