import { failed, forAll, putOnce, withoutKey, type Failed } from '../finding.js';
import {
  questionKey,
  type AskContext,
  type Finding,
  type Findings,
  type ProviderReply,
  type Question,
} from '../provider.js';
import { readAnswer } from '../read-answer.js';
import { isObject, type JsonObject } from '../read-json.js';
import { numeric, readNumbers } from '../read-numbers.js';
import { FIELDS, ITEM_METRICS } from './item-metrics.js';
import { bySource, isSupported } from './source.js';

/** A reply for each index asked; a row belongs to the question whose number and item it repeats. */
export function parseItems(
  replies: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  const unsupported = questions.filter((question) => !isSupported(question));
  const findings = forAll(unsupported, { outcome: 'skipped', reason: 'unsupported' });
  bySource(questions).forEach(([, asked], at) => {
    for (const [key, finding] of readReply(replies[at], asked, context)) findings.set(key, finding);
  });
  return findings;
}

function readReply(
  reply: ProviderReply | undefined,
  questions: readonly Question[],
  { now, key }: AskContext,
): Findings {
  const read = readAnswer(reply, now, true);
  if ('failure' in read) return forAll(questions, read.failure);
  const refusal = refusalOf(read.value, key);
  if (refusal) return forAll(questions, refusal);
  const rows = rowsOf(read.value);
  if (!rows) return forAll(questions, failed('malformed', 'Results has no list of data'));
  const asOf = dateOf(read.value['IndexBuildDate']);
  const findings = new Map<string, Finding>();
  for (const row of rows) {
    const question = isObject(row) ? questionOf(row, questions) : undefined;
    if (question) putOnce(findings, questionKey(question), readRow(row as JsonObject, asOf, key));
  }
  return findings;
}

/** Errors come under status 200, told by `Code`. */
function refusalOf({ Code, ErrorMessage }: JsonObject, key: string): Failed | undefined {
  if (Code === 'OK') return undefined;
  if (typeof Code !== 'string') return failed('malformed', 'Code is missing');
  const words = withoutKey(`${Code}: ${typeof ErrorMessage === 'string' ? ErrorMessage : ''}`, key);
  if (/APIKey|Authori[sz]ation|Permission|AccessDenied/i.test(Code)) return failed('auth', words);
  if (/^Insufficient/i.test(Code)) return failed('quota', words);
  if (/RateLimit|TooMany/i.test(Code)) return failed('rate_limited', words);
  if (/Invalid|Missing|Param/i.test(Code)) return failed('bad_request', words);
  return failed('server', words);
}

function rowsOf({ DataTables }: JsonObject): readonly unknown[] | undefined {
  const results = isObject(DataTables) ? DataTables['Results'] : undefined;
  const rows = isObject(results) ? results['Data'] : undefined;
  return Array.isArray(rows) ? (rows as unknown[]) : undefined;
}

function questionOf({ ItemNum, Item }: JsonObject, questions: readonly Question[]): Question | undefined {
  const at = numeric(ItemNum);
  const question = typeof at === 'number' ? questions[at] : undefined;
  return question && question.unit === Item ? question : undefined;
}

function readRow(row: JsonObject, asOf: string | undefined, key: string): Finding {
  const { ResultCode, Status } = row;
  if (typeof ResultCode !== 'string') return failed('malformed', 'ResultCode is missing');
  if (ResultCode !== 'OK') return failed('bad_request', withoutKey(`item: ${ResultCode}`, key));
  if (Status === 'NotFound') return { outcome: 'absent', reason: 'not in the index' };
  if (Status !== 'Found' && Status !== 'MayExist') return failed('malformed', 'an unknown status');
  const read = readNumbers(source(row), ITEM_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (!Object.keys(FIELDS).some((id) => id in read.numbers))
    return failed('malformed', 'found, but without a number');
  return { outcome: 'ok', numbers: read.numbers, ...(asOf === undefined ? {} : { asOf }) };
}

/** Many counts are texts, an empty text is a missing one, and -1 stands for what the index does not hold. */
function source(row: JsonObject): JsonObject {
  const numbers = Object.entries(FIELDS).map(([id, name]) => [id, known(numeric(row[name]))] as const);
  const { Title, TopicalTrustFlow_Topic_0: topic, Status } = row;
  return {
    ...(Object.fromEntries(numbers) as JsonObject),
    topic: topic === '' ? undefined : topic,
    title: Title === '' ? undefined : Title,
    estimated: Status === 'MayExist',
  };
}

function known(value: unknown): unknown {
  return value === -1 ? undefined : value;
}

/** `2017-03-12 03:16:03`, in UTC. */
function dateOf(value: unknown): string | undefined {
  const parts = typeof value === 'string' ? /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)$/.exec(value) : null;
  return parts ? `${parts[1]}T${parts[2]}Z` : undefined;
}
