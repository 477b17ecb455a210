import { count, date, flag, text } from '../metric.js';
import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { withoutScheme } from '../same-page.js';
import { MOST_ROWS, parseCaptures } from './parse-captures.js';

const CDX = 'https://web.archive.org/cdx/search/cdx';
const DAY_MS = 86_400_000;

/**
 * Wayback Machine: months in which a page or a host was captured. Whoever goes on calling after a 429 is shut out for an
 * hour, doubling each time: every 429 pauses for at least a minute, and one call is made at a time.
 */
export const wayback = defineProvider({
  id: 'wayback',
  title: 'Wayback Machine',
  docs: 'https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [
    {
      id: 'wayback.url',
      surface: 'wayback.url',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
    },
    {
      id: 'wayback.host',
      surface: 'wayback.host',
      round: 2,
      unit: 'host',
      needs: { fact: 'finalHost', from: 'page', need: 'preferred' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  limits: [{ permits: 20, perMs: 60_000, of: 'calls' }],
  concurrency: 1,
  limitKey: () => 'wayback',
  timeoutMs: 30_000,
  retries: 1,
  breaker: { volume: 5, errorPercent: 40, coolOffMs: 600_000 },
  ttlMs: { ok: 30 * DAY_MS, absent: 7 * DAY_MS },
  metrics: [
    count('months_captured', 'months', 'Months with at least one capture'),
    date('first_capture_at', 'The first capture'),
    text('last_captured_month', 'The last month with a capture, such as 2025-08'),
    flag('capped', 'There are more than the thousand months that were looked at'),
  ],
  canary: { surface: 'wayback.host', unit: 'www.wikipedia.org' },
  request,
  parse: parseCaptures,
});

function request([question]: readonly Question[], { userAgent }: AskContext): ProviderRequest[] {
  if (!question) return [];
  const { surface, unit } = question;
  const query = new URLSearchParams({
    // A star at the end would ask for all that begins so.
    url: surface === 'wayback.host' ? unit : withoutScheme(unit).replaceAll('*', '%2A'),
    output: 'json',
    fl: 'timestamp,statuscode',
    collapse: 'timestamp:6',
    limit: String(MOST_ROWS),
  });
  if (surface === 'wayback.host') query.set('matchType', 'host');
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'GET', url: `${CDX}?${query.toString()}`, headers }];
}
