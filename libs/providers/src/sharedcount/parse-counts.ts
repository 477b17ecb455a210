import { statusFailure, transportFailure, type Reply } from '../classify-reply.js';
import { failed, forAll, withoutKey } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { isObject, readJson, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { retryAfterMs } from '../retry-after.js';
import { COUNT_METRICS } from './count-metrics.js';

const DAY_MS = 86_400_000;

export function parseCounts(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  return forAll(questions, read(reply, context));
}

function read(reply: ProviderReply | undefined, context: AskContext): Finding {
  if (!reply) return failed('malformed', 'no reply');
  if (reply.kind === 'error') return transportFailure(reply);
  const body = readJson(reply);
  if ('value' in body && body.value['Error'] !== undefined) return errorFinding(body.value, reply, context);
  const failure = statusFailure(reply, context.now, true);
  if (failure) return failure;
  return 'failure' in body ? body.failure : finding(body.value);
}

/** `{"Error":"…","Type":"…","HTTP_Code":401}`, whatever the status. */
function errorFinding(
  { Error: words, Type: type, HTTP_Code: code }: JsonObject,
  reply: Reply,
  context: AskContext,
) {
  const { key, now } = context;
  const message = withoutKey(`${String(type)}: ${String(words)}`, key);
  const status = typeof code === 'number' ? code : reply.status;
  if (/quota|daily limit/i.test(message)) return failed('quota', message, DAY_MS - (now % DAY_MS));
  if (/api ?key/i.test(message) || status === 401 || status === 403) return failed('auth', message);
  if (status === 429) return failed('rate_limited', message, retryAfterMs(reply.headers, now));
  return failed(status >= 400 && status < 500 ? 'bad_request' : 'server', message);
}

function finding({ Facebook: facebook, Pinterest: pinterest }: JsonObject): Finding {
  if (facebook === undefined && pinterest === undefined) return failed('malformed', 'no counts');
  if (facebook !== undefined && facebook !== null && !isObject(facebook))
    return failed('malformed', 'Facebook is not an object');
  const own = isObject(facebook) ? facebook : {};
  const source = {
    facebook_total: own['total_count'],
    facebook_reactions: own['reaction_count'],
    facebook_comments: own['comment_count'],
    facebook_shares: own['share_count'],
    facebook_plugin_comments: own['comment_plugin_count'],
    pinterest,
  };
  const read = readNumbers(source, COUNT_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (Object.keys(read.numbers).length === 0) return { outcome: 'absent', reason: 'no counts' };
  return { outcome: 'ok', numbers: read.numbers };
}
