import { count, flag } from '../metric.js';
import { defineProvider, type AskContext, type Question } from '../provider.js';
import { isIpAddress } from '../registrable-domain.js';
import { RECORD_TYPES } from './record-types.js';
import { parseDns } from './parse-dns.js';

const RESOLVER = 'https://dns.google/resolve';
/** A full TXT answer may run to 64 KiB on the wire; JSON escapes double it. */
const CAP_BYTES = 256 * 1024;

/** Records of a host over DNS-over-HTTPS: five look-ups make one answer. */
export const dns = defineProvider({
  id: 'dns',
  title: 'DNS records (Google Public DNS)',
  docs: 'https://developers.google.com/speed/public-dns/docs/doh/json',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [{ id: 'dns', surface: 'dns', round: 1, unit: 'host' }],
  batch: { size: 1, lingerMs: 0 },
  // The service publishes no number; 20 look-ups a second have never been refused.
  limits: [{ permits: 20, perMs: 1000, of: 'calls' }],
  concurrency: 32,
  limitKey: () => 'dns.google',
  timeoutMs: 3000,
  retries: 2,
  breaker: { volume: 50, errorPercent: 50, coolOffMs: 30_000 },
  ttlMs: { ok: 86_400_000, absent: 3_600_000 },
  metrics: [
    count('a_count', 'records', 'IPv4 addresses of the host'),
    count('aaaa_count', 'records', 'IPv6 addresses of the host'),
    count('mx_count', 'records', 'Mail servers of the host; a null MX, which refuses mail, is none'),
    count('ns_count', 'records', 'Name servers listed at the host itself; usually 0 below a domain'),
    count('txt_count', 'records', 'Text records of the host'),
    count('min_ttl_s', 's', 'Shortest lifetime among the records', [0, 2_147_483_647]),
    flag('dnssec', 'The resolver validated the address answer with DNSSEC'),
  ],
  canary: { surface: 'dns', unit: 'www.wikipedia.org' },
  request: (questions: readonly Question[], { userAgent }: AskContext) =>
    questions.flatMap(({ unit }) => lookups(unit, userAgent)),
  parse: parseDns,
});

/** None for an address: it has no records of its own, and its finding is skipped(unsupported). */
function lookups(host: string, userAgent: string) {
  if (isIpAddress(host)) return [];
  return RECORD_TYPES.map(({ name }) => ({
    method: 'GET' as const,
    url: `${RESOLVER}?name=${encodeURIComponent(host)}&type=${name}`,
    headers: { accept: 'application/dns-json', 'user-agent': userAgent },
    capBytes: CAP_BYTES,
  }));
}
