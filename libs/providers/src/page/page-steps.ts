import { parseUrl } from '@assay/contracts';
import { transportFailure, type Reply } from '../classify-reply.js';
import { failed } from '../finding.js';
import {
  questionKey,
  type AskContext,
  type Finding,
  type Findings,
  type ProviderReply,
  type ProviderRequest,
  type Question,
} from '../provider.js';
import { robotsVerdict, type Allowed } from '../robots/ask-robots.js';
import { redirectTarget } from '../redirect.js';
import { visitFinding, type Problem, type Visit } from './visit-finding.js';

type Steps<T> = Generator<readonly ProviderRequest[], T, readonly ProviderReply[]>;

const MOST_REDIRECTS = 10;
const CAP_BYTES = 2 * 1024 * 1024;
const ACCEPT = 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.1';

/** robots.txt of the origin, then the page; the same again for each redirect. */
export function* pageSteps(questions: readonly Question[], context: AskContext): Steps<Findings> {
  const findings = new Map<string, Finding>();
  for (const question of questions) findings.set(questionKey(question), yield* visit(question.unit, context));
  return findings;
}

function* visit(unit: string, context: AskContext): Steps<Finding> {
  const first = parseUrl(unit);
  if (!first) return failed('bad_request', 'not a URL');
  let url = withoutCredentials(first);
  const limitKey = url.host;
  const seen = new Set<string>([url.href]);
  for (let redirects = 0; ; redirects++) {
    const verdict = yield* robotsVerdict(url, limitKey, context);
    if (verdict === 'forbidden') return { outcome: 'skipped', reason: 'robots' };
    if (verdict.outcome !== 'allowed') return verdict;
    const [reply] = yield [pageRequest(url, limitKey, context, verdict)];
    if (!reply) return failed('malformed', 'no reply');
    if (reply.kind === 'error') return transportFailure(reply);
    const next = redirectTarget(reply, url);
    const problem = next && redirectProblem(next, seen, redirects);
    if (!next || next === 'unusable' || problem)
      return visitFinding(visited(url, redirects, reply, problem), context);
    url = withoutCredentials(next);
    seen.add(url.href);
  }
}

function visited(url: URL, redirects: number, reply: Reply, problem: Problem | undefined): Visit {
  return problem ? { url, redirects, reply, problem } : { url, redirects, reply };
}

function redirectProblem(
  next: URL | 'unusable',
  seen: ReadonlySet<string>,
  redirects: number,
): Problem | undefined {
  if (next === 'unusable') return 'bad_redirect';
  if (seen.has(withoutCredentials(next).href)) return 'redirect_loop';
  return redirects >= MOST_REDIRECTS ? 'too_many_redirects' : undefined;
}

function pageRequest(
  url: URL,
  limitKey: string,
  { userAgent }: AskContext,
  { spacingMs }: Allowed,
): ProviderRequest {
  return {
    method: 'GET',
    url: url.href,
    headers: { accept: ACCEPT, 'user-agent': userAgent },
    capBytes: CAP_BYTES,
    foreign: true,
    ...(spacingMs === undefined ? {} : { spacingMs }),
    ...(url.host === limitKey ? {} : { limitKey: url.host }),
  };
}

/** Names and passwords in an address are not ours to send; a fragment stays with the browser. */
function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  bare.hash = '';
  return bare;
}
