import { parseUrl } from '@assay/contracts';
import type { Reply } from '../classify-reply.js';
import { failed, forAll } from '../finding.js';
import type {
  AskContext,
  Finding,
  Findings,
  MetricValue,
  ProviderReply,
  ProviderRequest,
  Question,
} from '../provider.js';
import { fetchRobots, tiredOfUs } from './ask-robots.js';
import { robotsAllow } from './robots-file.js';
import { crawlDelay, sitemapCount } from './robots-lines.js';

export function* robotsSteps(
  questions: readonly Question[],
  context: AskContext,
): Generator<readonly ProviderRequest[], Findings, readonly ProviderReply[]> {
  const [question] = questions;
  if (!question) return new Map();
  const root = parseUrl('/', question.unit);
  if (!root || !/^https?:$/.test(root.protocol))
    return forAll(questions, failed('bad_request', 'not an origin of the web'));
  root.username = root.password = '';
  const answer = yield* fetchRobots(root, root.host, context);
  if (answer.kind === 'unreachable') return forAll(questions, answer.failure);
  const lost = answer.kind === 'lost';
  return forAll(
    questions,
    tiredOfUs(answer.reply, context.now) ?? finding(answer.reply, root, lost, context),
  );
}

function finding(reply: Reply, root: URL, lost: boolean, { userAgent }: AskContext): Finding {
  const { status, body } = reply;
  if (lost || status < 200 || status >= 300)
    return { outcome: 'ok', numbers: { http_status: status, allows_root: status < 500 } };
  const text = body.toString('utf8');
  const delay = crawlDelay(text, userAgent);
  const numbers: Record<string, MetricValue> = {
    http_status: status,
    allows_root: robotsAllow(body, root, userAgent),
    sitemap_count: sitemapCount(text),
    ...(delay === undefined ? {} : { crawl_delay_s: delay }),
  };
  return { outcome: 'ok', numbers };
}
