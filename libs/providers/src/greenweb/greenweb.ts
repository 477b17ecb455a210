import { flag, text } from '../metric.js';
import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { isIpAddress } from '../registrable-domain.js';
import { parseChecks } from './parse-checks.js';

const CHECK_MANY = 'https://api.thegreenwebfoundation.org/v2/greencheckmulti';
const DAY_MS = 86_400_000;

/** Green Web Foundation: is a host known to run on green energy? `green` false means "not known to". */
export const greenweb = defineProvider({
  id: 'greenweb',
  title: 'Green Web Foundation',
  docs: 'https://developers.thegreenwebfoundation.org/api/greencheck/v3/check-multiple-domains/',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [
    {
      id: 'greenweb',
      surface: 'greenweb',
      round: 2,
      unit: 'host',
      needs: { fact: 'finalHost', from: 'page', need: 'preferred' },
    },
  ],
  // The project's own client stops at 100.
  batch: { size: 100, lingerMs: 50 },
  // Unpublished; two calls a second are courtesy.
  limits: [{ permits: 2, perMs: 1_000, of: 'calls' }],
  concurrency: 4,
  limitKey: () => 'greenweb',
  timeoutMs: 10_000,
  retries: 3,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: 30 * DAY_MS, absent: 7 * DAY_MS },
  metrics: [
    flag('green', 'Known to be hosted on green energy; false: not known to be'),
    text('hosted_by', 'Who hosts it'),
  ],
  canary: { surface: 'greenweb', unit: 'www.thegreenwebfoundation.org' },
  request,
  parse: parseChecks,
});

/** A list of hosts as JSON inside the path. Addresses have no hosting record. */
function request(questions: readonly Question[], { userAgent }: AskContext): ProviderRequest[] {
  const hosts = [...new Set(questions.map(({ unit }) => unit))].filter((host) => !isIpAddress(host));
  if (hosts.length === 0) return [];
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'GET', url: `${CHECK_MANY}/${encodeURIComponent(JSON.stringify(hosts))}`, headers }];
}
