import type { Facts } from '@assay/contracts';
import { statusFailure, type Reply } from '../classify-reply.js';
import type { AskContext, Finding, MetricValue } from '../provider.js';
import { registrableDomain } from '../registrable-domain.js';
import { retryAfterMs } from '../retry-after.js';
import { agentName } from '../robots/agent-name.js';
import { decodeHtml } from './charset.js';
import { contentFacts } from './content-facts.js';
import { bodyNumbers, headNumbers } from './content-numbers.js';
import { scanHtml } from './scan-html.js';

export type Problem =
  'http_error' | 'not_html' | 'too_large' | 'bad_redirect' | 'redirect_loop' | 'too_many_redirects';

/** The last reply of a page, and why it is the last where that is not in the reply itself. */
export interface Visit {
  readonly url: URL;
  readonly redirects: number;
  readonly reply: Reply;
  readonly problem?: Problem;
}

type Numbers = Record<string, MetricValue>;

const LONGEST_URL = 8192;
/** A server in trouble is asked again sooner than one that works. */
const ERROR_TTL_MS = 600_000;

/** What a visit came to; see `page` for the meaning of each outcome. */
export function visitFinding(visit: Visit, context: AskContext): Finding {
  const { reply } = visit;
  const wait = retryAfterMs(reply.headers, context.now);
  const refused = reply.status === 429 || (reply.status === 503 && wait !== undefined);
  if (refused) return statusFailure(reply, context.now, false) as Finding;
  const problem = visit.problem ?? contentProblem(reply);
  if (problem === undefined || problem === 'too_large') return contentFinding(visit, problem, context);
  const facts = isDestination(problem) ? urlFacts(visit.url) : undefined;
  const numbers = { ...fetchNumbers(visit), problem };
  return { outcome: 'ok', numbers, ...(facts ? { facts } : {}), ...errorTtl(reply) };
}

function errorTtl(reply: Reply): { ttlMs?: number } {
  return reply.status >= 500 ? { ttlMs: ERROR_TTL_MS } : {};
}

/** Where redirects lead nowhere there is no final URL. */
function isDestination(problem: Problem): boolean {
  return problem === 'http_error' || problem === 'not_html';
}

function contentProblem(reply: Reply): Problem | undefined {
  if (reply.status < 200 || reply.status >= 300) return 'http_error';
  if (!isHtmlType(reply)) return 'not_html';
  return reply.truncated ? 'too_large' : undefined;
}

/** By the header; a page without one is HTML when it starts like HTML. */
function isHtmlType(reply: Reply): boolean {
  const type = (reply.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type) return type === 'text/html' || type === 'application/xhtml+xml';
  return reply.body.toString('latin1', 0, 256).trimStart().startsWith('<');
}

function contentFinding(visit: Visit, problem: Problem | undefined, { userAgent }: AskContext): Finding {
  const { url, reply } = visit;
  const agent = agentName(userAgent);
  const html = decodeHtml(reply.body, reply.headers['content-type'] ?? '');
  const scan = scanHtml(html, url, agent);
  const facts: Facts = { ...urlFacts(url), ...contentFacts(scan, url, problem === undefined) };
  const numbers: Numbers = fetchNumbers(visit);
  if (problem === undefined)
    Object.assign(numbers, headNumbers(scan, url, reply), bodyNumbers(scan, html.length));
  else {
    numbers['problem'] = problem;
    if (scan.headRead) Object.assign(numbers, headNumbers(scan, url, reply));
  }
  return { outcome: 'ok', numbers, facts };
}

/** Measured for every visit that ended in a reply. */
function fetchNumbers({ url, redirects, reply, problem }: Visit): Numbers {
  const numbers: Numbers = {
    http_status: reply.status,
    redirect_count: redirects,
    ttfb_ms: Math.max(0, Math.round(reply.ttfbMs)),
    total_ms: Math.max(0, Math.round(reply.totalMs)),
    https: url.protocol === 'https:',
    hsts: url.protocol === 'https:' && demandsTls(reply.headers['strict-transport-security']),
  };
  if (!reply.truncated) numbers['bytes'] = reply.body.length;
  if (problem === undefined && url.href.length <= LONGEST_URL) numbers['final_url'] = url.href;
  return numbers;
}

/** max-age=0 takes the demand back. */
function demandsTls(header: string | undefined): boolean {
  return /max-age\s{0,8}=\s{0,8}"?0{0,16}[1-9]/i.test(header ?? '');
}

function urlFacts(url: URL): Facts {
  if (url.href.length > LONGEST_URL) return {};
  return { finalUrl: url.href, finalHost: url.hostname, finalDomain: registrableDomain(url.hostname) };
}
