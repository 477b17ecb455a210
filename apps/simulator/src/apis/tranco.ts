import { none, type Truth } from '../truth/expected.js';
import { registrableDomain } from '../world/domain-class.js';
import { placeOf } from '../world/popularity.js';
import { share } from '../world/hash.js';
import { decoded, isAddress } from '../world/unit.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api, World } from './api.js';

const DAY = 86_400_000;
const DAYS = 38;

const WORDS: ProviderWords = {
  tooMany: () => json(429, { detail: 'Rate limit exceeded.' }),
  broken: (status) => page(status, 'Server Error'),
  unauthorised: () => json(403, { detail: 'The service is temporarily unavailable.' }),
};

/** The days on which a domain had a place, newest first; a subdomain has none. */
export const tranco: Api = {
  id: 'tranco',
  hosts: ['tranco-list.eu'],
  exchange: ranks,
  truth,
};

function ranks(request: WireRequest, { anchor }: World): Exchange {
  const domain = /^\/api\/ranks\/domain\/([^/]+)$/.exec(request.path)?.[1];
  const unit = decoded(domain ?? '').toLowerCase();
  const refused =
    domain === undefined || request.method !== 'GET' ? json(404, { detail: 'Not found.' }) : undefined;
  return {
    provider: 'tranco',
    asked: [{ surface: 'tranco', unit }],
    unit,
    limit: { key: 'tranco', windows: [{ permits: 1, perMs: 1_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(unit, anchor),
    words: WORDS,
  };
}

/** Place on a day before the anchor; undefined on days without one: the list ends at a million. */
function rankOn(domain: string, day: number): number | undefined {
  if (registrableDomain(domain) !== domain || share(`${domain}|${day}`, 'tranco-day') < 0.1) return undefined;
  const rank = placeOf(domain) * (0.95 + 0.1 * share(`${domain}|${day}`, 'tranco-rank'));
  return rank > 1_000_000 ? undefined : Math.max(1, Math.round(rank));
}

function daysOf(domain: string): { day: number; rank: number }[] {
  return Array.from({ length: DAYS }, (_, day) => ({ day, rank: rankOn(domain, day) })).filter(
    (one): one is { day: number; rank: number } => one.rank !== undefined,
  );
}

function dateOf(anchor: number, day: number): string {
  return new Date(anchor - day * DAY).toISOString().slice(0, 10);
}

function answerOf(domain: string, anchor: number): WireAnswer {
  return json(200, {
    ranks: daysOf(domain).map(({ day, rank }) => ({ date: dateOf(anchor, day), rank })),
    domain,
  });
}

function truth(domain: string): Truth {
  if (isAddress(domain)) return none('skipped', 'unsupported');
  const days = daysOf(domain);
  const newest = days[0];
  if (!newest) return none('absent', 'not ranked');
  const recent = days.filter(({ day }) => day < newest.day + 30).map(({ rank }) => rank);
  return {
    outcome: 'ok',
    numbers: {
      rank: newest.rank,
      best_rank_30d: Math.min(...recent),
      worst_rank_30d: Math.max(...recent),
      days_ranked_30d: recent.length,
    },
  };
}
