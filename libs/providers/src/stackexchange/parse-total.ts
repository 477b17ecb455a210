import { statusFailure, transportFailure, type Reply } from '../classify-reply.js';
import { failed, forAll, withoutKey } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { readJson, type JsonObject } from '../read-json.js';

const DAY_MS = 86_400_000;

export function parseTotal(
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
  if ('value' in body && body.value['error_id'] !== undefined)
    return errorFinding(body.value, reply, context);
  const failure = statusFailure(reply, context.now, context.key !== '');
  if (failure) return failure;
  if ('failure' in body) return body.failure;
  const { total } = body.value;
  if (typeof total !== 'number' || !Number.isSafeInteger(total) || total < 0)
    return failed('malformed', 'total is not a count');
  return { outcome: 'ok', numbers: { posts: total } };
}

const BY_NAME: Readonly<Record<string, 'auth' | 'bad_request' | 'server'>> = {
  access_denied: 'auth',
  access_token_required: 'auth',
  invalid_access_token: 'auth',
  key_required: 'auth',
  bad_parameter: 'bad_request',
  no_method: 'bad_request',
  internal_error: 'server',
  temporarily_unavailable: 'server',
};

/** A throttle comes as 400, with the seconds in its words; hours are normal. */
function errorFinding(body: JsonObject, reply: Reply, { key, now }: AskContext): Finding {
  const { error_name: name, error_message: message } = body;
  const words = withoutKey(`${String(name)}: ${String(message)}`, key);
  if (name === 'throttle_violation') {
    const seconds = /(\d{1,6}) seconds/.exec(words)?.[1];
    const wait = seconds === undefined ? DAY_MS - (now % DAY_MS) : Number(seconds) * 1_000;
    return failed('quota', words, wait);
  }
  const known = typeof name === 'string' && Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  if (known === 'bad_request' && /\bkey\b/i.test(words)) return failed('auth', words);
  if (known) return failed(known, words);
  return statusFailure(reply, now, key !== '') ?? failed('server', words);
}
