import { latency, moment, percent, whole } from './numbers.js';
import type { ProviderHealth, Quota, Trouble } from './shapes.js';

/** A figure as people read it: what it is, its value, and a longer explanation. */
export interface HealthFigure {
  readonly name: string;
  readonly value: string;
  readonly title: string;
}

type Calls = Pick<
  Trouble,
  'calls' | 'callsPerMinute' | 'successRate' | 'rateLimitedShare' | 'p50Ms' | 'p95Ms'
>;

/** A limit key's state in words. `open` is a breaker's word and reads like the opposite. */
export const STATE_WORDS: Readonly<Record<string, string>> = {
  open: 'failing, not asked',
  half_open: 'to be tried again',
  throttled: 'slowed down',
  halted: 'halted',
};

/** What is known of a provider's health; what is not known is left out, never shown as 0. */
export function healthFigures(health: ProviderHealth, now: number): HealthFigure[] {
  return [
    ...callFigures(health),
    figure('breaker', breakerWords(health), 'It keeps calls back while most of them fail.'),
    figure('quota left', quotaWords(health.quota, now), 'Of the scarcest quota, with all our keys together.'),
    figure('waiting', counted(health.waiting), 'Questions that fetchers hold without an outcome yet.'),
    figure(
      'parked',
      health.parked > 0 ? whole(health.parked) : undefined,
      'Cells that wait in the table for their turn.',
    ),
    figure(
      'lag',
      messages(health.lag),
      'Messages not handled yet; one that takes long keeps those behind it in the count.',
    ),
  ].filter((one) => one !== undefined);
}

function callFigures({ calls, callsPerMinute, successRate, rateLimitedShare, p50Ms, p95Ms }: Calls) {
  const lastMinute = 'Of calls that ended within the last minute';
  const times = p50Ms === null || p95Ms === null ? undefined : `${latency(p50Ms)} / ${latency(p95Ms)}`;
  return [
    figure(
      'calls',
      calls === null ? undefined : `${counted(callsPerMinute) ?? '?'} a minute`,
      `${lastMinute}.`,
    ),
    figure(
      'success',
      share(successRate),
      `${lastMinute}: those that came to a number, or to the answer that there is none.`,
    ),
    figure('p50 / p95', times, `${lastMinute}: how long half of them, and 95 of 100, took at most.`),
    figure('refused (429)', share(rateLimitedShare), `${lastMinute}: those refused as too many.`),
  ];
}

/** In one line, for a limit key in trouble; empty where nothing is known. */
export function troubleFigures(trouble: Trouble): string {
  const known = [...callFigures(trouble), figure('parked', counted(trouble.parked || null), '')];
  return known.flatMap((one) => (one ? [`${one.name} ${one.value}`] : [])).join(', ');
}

/** 600 of 1,000 calls, next at 18:04; undefined where there is no quota or it is not known. */
export function quotaWords(quota: Quota | null, now: number): string | undefined {
  if (!quota) return undefined;
  const { left, permits, of, resetsAt, pausedUntil } = quota;
  const next = resetsAt ? `, next at ${moment(Date.parse(resetsAt), now)}` : '';
  const pause = pausedUntil ? `, told to wait until ${moment(Date.parse(pausedUntil), now)}` : '';
  return `${whole(left)} of ${whole(permits)} ${of}${next}${pause}`;
}

function breakerWords({ state, keys, open, halfOpen }: ProviderHealth): string | undefined {
  if (state === 'unknown') return undefined;
  if (open === 0) return halfOpen > 0 ? STATE_WORDS['half_open'] : 'closed';
  return keys > 1 ? `open for ${whole(open)} of ${whole(keys)}` : 'open';
}

function figure(name: string, value: string | undefined, title: string): HealthFigure | undefined {
  return value === undefined ? undefined : { name, value, title };
}

function counted(n: number | null): string | undefined {
  return n === null ? undefined : whole(n);
}

function messages(n: number | null): string | undefined {
  return n === null ? undefined : `${whole(n)} ${n === 1 ? 'message' : 'messages'}`;
}

function share(of: number | null): string | undefined {
  return of === null ? undefined : percent(of);
}
