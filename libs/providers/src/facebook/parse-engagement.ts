import { statusFailure, transportFailure, type Reply } from '../classify-reply.js';
import { failed, forAll, putOnce, withoutKey } from '../finding.js';
import {
  questionKey,
  type AskContext,
  type Finding,
  type Findings,
  type ProviderReply,
  type Question,
} from '../provider.js';
import { isObject, readJson, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { retryAfterMs } from '../retry-after.js';
import { ENGAGEMENT_METRICS } from './engagement-metrics.js';

/** An hour's window is used up: nothing says how much of it is left. */
const LIMIT_PAUSE_MS = 300_000;
/** Of the app, of the user, of the page, and of calls of one kind. */
const LIMITS = new Set([4, 17, 32, 613]);
const BAD_TOKEN = new Set([102, 190]);

export function parseEngagement(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  if (!reply) return forAll(questions, failed('malformed', 'no reply'));
  if (reply.kind === 'error') return forAll(questions, transportFailure(reply));
  const body = readJson(reply);
  const error = 'value' in body ? body.value['error'] : undefined;
  if (isObject(error)) return forAll(questions, errorFinding(error, reply, context));
  const failure = statusFailure(reply, context.now, true);
  if (failure) return forAll(questions, failure);
  if ('failure' in body) return forAll(questions, body.failure);
  return matchRows(body.value, questions);
}

function errorFinding({ code, message }: JsonObject, reply: Reply, { key, now }: AskContext): Finding {
  const number = typeof code === 'number' ? code : 0;
  const words = withoutKey(`(#${number}) ${typeof message === 'string' ? message : ''}`, key);
  if (LIMITS.has(number))
    return failed('rate_limited', words, retryAfterMs(reply.headers, now) ?? LIMIT_PAUSE_MS);
  if (BAD_TOKEN.has(number) || number === 10 || (number >= 200 && number < 300)) return failed('auth', words);
  if (number === 100) return failed('bad_request', words);
  return statusFailure(reply, now, true) ?? failed('server', words);
}

/** One id answers by itself, several as an object by id. An id may come back without a slash at its end. */
function matchRows(body: JsonObject, questions: readonly Question[]): Findings {
  const rows: [string, unknown][] =
    questions.length === 1 && typeof body['id'] === 'string' ? [[body['id'], body]] : Object.entries(body);
  const exact = new Map(questions.map((question) => [question.unit, question]));
  const loose = looseIndex(questions);
  const findings = new Map<string, Finding>();
  for (const [id, row] of rows) {
    const name = id.replaceAll('%2C', ',');
    const question = exact.get(id) ?? exact.get(name) ?? loose.get(bare(name));
    if (question) putOnce(findings, questionKey(question), readRow(row));
  }
  return findings;
}

/** Only spellings that a single question has. */
function looseIndex(questions: readonly Question[]): ReadonlyMap<string, Question | undefined> {
  const index = new Map<string, Question | undefined>();
  for (const question of questions) {
    const name = bare(question.unit);
    index.set(name, index.has(name) ? undefined : question);
  }
  return index;
}

function bare(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url;
}

function readRow(row: unknown): Finding {
  if (!isObject(row)) return failed('malformed', 'a row is not an object');
  const { engagement } = row;
  if (engagement === undefined || engagement === null) return { outcome: 'absent', reason: 'no engagement' };
  if (!isObject(engagement)) return failed('malformed', 'engagement is not an object');
  const source = {
    reactions: engagement['reaction_count'],
    comments: engagement['comment_count'],
    shares: engagement['share_count'],
    plugin_comments: engagement['comment_plugin_count'],
  };
  const read = readNumbers(source, ENGAGEMENT_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (Object.keys(read.numbers).length === 0) return { outcome: 'absent', reason: 'no engagement' };
  return { outcome: 'ok', numbers: read.numbers };
}
