import { forAll } from '../finding.js';
import { count, flag } from '../metric.js';
import {
  defineProvider,
  type AskContext,
  type Findings,
  type ProviderReply,
  type ProviderRequest,
  type Question,
} from '../provider.js';
import { withoutScheme } from '../same-page.js';
import { mergeUsages, readUsage, type Usage } from './parse-usage.js';

const API = 'https://en.wikipedia.org/w/api.php';
const DAY_MS = 86_400_000;
/** Five hundred rows with URLs of up to 8 KB. */
const CAP_BYTES = 6 * 1024 * 1024;

/** English Wikipedia: articles that link to a page or a host. Asked one call after the other, as its etiquette wants. */
export const wikipedia = defineProvider({
  id: 'wikipedia',
  title: 'Wikipedia (English)',
  docs: 'https://www.mediawiki.org/wiki/API:Exturlusage',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [
    {
      id: 'wikipedia.url',
      surface: 'wikipedia.url',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
    },
    {
      id: 'wikipedia.host',
      surface: 'wikipedia.host',
      round: 2,
      unit: 'host',
      needs: { fact: 'finalHost', from: 'page', need: 'preferred' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  // Serial is what is asked for; five a second keep a fast wiki from being asked without pause.
  limits: [{ permits: 5, perMs: 1_000, of: 'calls' }],
  requestsPerUnit: { least: 2, likely: 2, most: 2 },
  concurrency: 1,
  limitKey: () => 'wikipedia',
  timeoutMs: 15_000,
  retries: 2,
  breaker: { volume: 10, errorPercent: 50, coolOffMs: 120_000 },
  ttlMs: { ok: 7 * DAY_MS, absent: 7 * DAY_MS },
  metrics: [
    count('articles', 'articles', 'Articles that link to it'),
    flag('capped', 'There are more than the 500 links that were looked at'),
  ],
  canary: { surface: 'wikipedia.host', unit: 'www.un.org' },
  steps,
});

/**
 * Links over http and over https are kept apart: both are asked for, one after the other, and not the second where the
 * first went wrong, since half a count is none.
 */
function* steps(
  questions: readonly Question[],
  context: AskContext,
): Generator<readonly ProviderRequest[], Findings, readonly ProviderReply[]> {
  const [question] = questions;
  if (!question) return new Map();
  const usages: Usage[] = [];
  for (const protocol of ['http', 'https']) {
    const [reply] = yield [request(question, protocol, context)];
    const usage = readUsage(reply, question, context.now);
    if ('outcome' in usage) return forAll(questions, usage);
    usages.push(usage);
  }
  return forAll(questions, mergeUsages(usages));
}

function request({ surface, unit }: Question, protocol: string, { userAgent }: AskContext): ProviderRequest {
  const query = new URLSearchParams({
    action: 'query',
    list: 'exturlusage',
    euquery: surface === 'wikipedia.host' ? unit : withoutScheme(unit),
    euprotocol: protocol,
    eunamespace: '0',
    euprop: 'ids|title|url',
    eulimit: '500',
    format: 'json',
    formatversion: '2',
    maxlag: '5',
  });
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return { method: 'GET', url: `${API}?${query.toString()}`, headers, capBytes: CAP_BYTES };
}
