import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { isIpAddress } from '../registrable-domain.js';
import { ANALYSIS_METRICS, URL_ONLY } from './analysis-metrics.js';
import { parseAnalysis } from './parse-analysis.js';

const API = 'https://www.virustotal.com/api/v3';
const DAY_MS = 86_400_000;
const DOMAIN_METRICS = ANALYSIS_METRICS.map(({ id }) => id).filter((id) => !URL_ONLY.has(id));

/** VirusTotal: what some eighty engines say. A public key allows so little that most rows of a list are skipped. */
export const virustotal = defineProvider({
  id: 'virustotal',
  title: 'VirusTotal',
  docs: 'https://docs.virustotal.com/reference/url',
  checked: '2026-11-24',
  version: 1,
  auth: {
    kind: 'key',
    form: 'header',
    env: 'VIRUSTOTAL_KEY',
    signUp: 'https://www.virustotal.com/gui/join-us',
  },
  asks: [
    {
      id: 'virustotal.url',
      surface: 'virustotal.url',
      round: 2,
      unit: 'url',
      needs: { fact: 'finalUrl', from: 'page', need: 'preferred' },
    },
    {
      id: 'virustotal.domain',
      surface: 'virustotal.domain',
      round: 2,
      unit: 'domain',
      needs: { fact: 'finalDomain', from: 'page', need: 'preferred' },
      metrics: DOMAIN_METRICS,
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  limits: [
    { permits: 4, perMs: 60_000, of: 'calls' },
    { permits: 500, perMs: DAY_MS, of: 'calls', resets: 'utc' },
  ],
  concurrency: 1,
  limitKey: () => 'virustotal',
  timeoutMs: 10_000,
  retries: 1,
  breaker: { volume: 5, errorPercent: 60, coolOffMs: 600_000 },
  ttlMs: { ok: 7 * DAY_MS, absent: DAY_MS },
  metrics: ANALYSIS_METRICS,
  canary: { surface: 'virustotal.domain', unit: 'wikipedia.org' },
  request,
  parse: parseAnalysis,
});

/** Nothing is sent for an address: it is no domain to VirusTotal. */
function request([question]: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  if (!question || (question.surface === 'virustotal.domain' && isIpAddress(question.unit))) return [];
  const headers = { 'x-apikey': key, accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'GET', url: `${API}/${pathOf(question)}`, headers, capBytes: 1024 * 1024 }];
}

/** A URL goes by its base64url without padding. */
function pathOf({ surface, unit }: Question): string {
  if (surface === 'virustotal.domain') return `domains/${encodeURIComponent(unit)}`;
  return `urls/${Buffer.from(unit).toString('base64url')}`;
}
