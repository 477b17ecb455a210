import { count, date, flag } from '../metric.js';
import { defineProvider, type Question } from '../provider.js';
import { rdapSteps } from './rdap-steps.js';

const DAY_MS = 86_400_000;
/** Thirty centuries: some registries write the year 9999 for "never". */
const DAYS: readonly [number, number] = [-40_000, 3_000_000];

/** Registration of a domain, asked at the registry that keeps it. */
export const rdap = defineProvider({
  id: 'rdap',
  title: 'Domain registration (RDAP)',
  docs: 'https://www.rfc-editor.org/rfc/rfc9083',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [
    { id: 'rdap', surface: 'rdap', round: 1, unit: 'domain' },
    {
      id: 'rdap.final',
      surface: 'rdap',
      round: 2,
      unit: 'domain',
      needs: { fact: 'finalDomain', from: 'page', need: 'required', unlessSameAs: 'rdap' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  // Registries differ and publish little; one request a second is taken by all that are known.
  limits: [{ permits: 1, perMs: 1000, of: 'calls' }],
  // The bootstrap file, shared for a day; the server, behind up to three redirects.
  requestsPerUnit: { least: 0, likely: 1, most: 5, shared: { likely: 0, most: 1 } },
  concurrency: 8,
  concurrencyPerKey: 1,
  limitKey: ({ unit }: Question) => topLevel(unit),
  timeoutMs: 10_000,
  retries: 2,
  breaker: { volume: 10, errorPercent: 50, coolOffMs: 300_000 },
  ttlMs: { ok: 30 * DAY_MS, absent: DAY_MS },
  metrics: [
    count('age_days', 'days', 'Since the domain was registered, at the time of the answer', [0, DAYS[1]]),
    count('days_to_expiry', 'days', 'Until the registration ends; negative once it has', DAYS),
    count('days_since_change', 'days', 'Since the registration was last changed', [0, DAYS[1]]),
    count('status_count', '', 'Status codes on the registration, such as locks and holds'),
    count('nameserver_count', '', 'Name servers delegated to'),
    flag('dnssec', 'The delegation is signed'),
    date('registered_at', 'When the domain was registered'),
    date('expires_at', 'When the registration ends'),
    date('changed_at', 'When the registration was last changed'),
  ],
  canary: { surface: 'rdap', unit: 'wikipedia.org' },
  steps: rdapSteps,
});

/**
 * The server is known only after the bootstrap file, so a question goes by its top-level domain;
 * the request itself goes by the server's host, which several of them may share.
 */
function topLevel(domain: string): string {
  return domain.slice(domain.lastIndexOf('.') + 1);
}
