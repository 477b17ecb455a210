import { failed, forAll, putOnce } from '../finding.js';
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
import { readNumbers } from '../read-numbers.js';
import { isIpAddress, registeredName } from '../registrable-domain.js';
import { RANK_METRICS } from './rank-metrics.js';

/** Rows are matched by the domain they name; a domain may be answered by its parent's row. */
export function parseRanks(
  replies: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  const asked = questions.filter(({ unit }) => !isIpAddress(unit));
  const findings = new Map<string, Finding>();
  for (const question of questions) {
    if (isIpAddress(question.unit))
      findings.set(questionKey(question), { outcome: 'skipped', reason: 'unsupported' });
  }
  if (asked.length === 0) return findings;
  for (const [key, finding] of readReply(replies[0], asked, context)) findings.set(key, finding);
  return findings;
}

function readReply(
  reply: ProviderReply | undefined,
  questions: readonly Question[],
  context: AskContext,
): Findings {
  const read = readAnswer(reply, context.now, true);
  if ('failure' in read) return forAll(questions, read.failure);
  const { results } = read.value;
  if (!Array.isArray(results)) return forAll(questions, failed('malformed', 'results is not a list'));
  return matchRows(read.value, results as unknown[], questions);
}

function matchRows(body: JsonObject, results: readonly unknown[], questions: readonly Question[]): Findings {
  const asOf = typeof body['as_of'] === 'string' ? body['as_of'].slice(0, 32) : undefined;
  const rows = new Map<string, Finding>();
  for (const row of results) {
    if (isObject(row) && typeof row['domain'] === 'string') {
      putOnce(rows, row['domain'].toLowerCase(), readRow(row, asOf));
    }
  }
  const invalid = refused(body['invalid']);
  const findings = new Map<string, Finding>();
  for (const question of questions) {
    const finding = findingFor(question.unit, rows, invalid);
    if (finding) findings.set(questionKey(question), finding);
  }
  return findings;
}

function refused(invalid: unknown): Set<string> {
  const strings = Array.isArray(invalid)
    ? (invalid as unknown[]).filter((item) => typeof item === 'string')
    : [];
  return new Set(strings.map((item) => item.toLowerCase()));
}

/** undefined where the reply does not mention the domain. */
function findingFor(
  domain: string,
  rows: ReadonlyMap<string, Finding>,
  invalid: ReadonlySet<string>,
): Finding | undefined {
  if (invalid.has(domain)) return failed('bad_request', 'refused as no domain');
  const own = rows.get(domain);
  if (own) return own;
  const parent = registeredName(domain);
  const reduced = parent === undefined ? undefined : rows.get(parent);
  if (reduced?.outcome !== 'ok') return reduced;
  return { ...reduced, numbers: { ...reduced.numbers, answered_domain: parent as string } };
}

function readRow(row: JsonObject, asOf: string | undefined): Finding {
  if (row['found'] === false) return { outcome: 'absent', reason: 'not in the index' };
  if (row['found'] !== true) return failed('malformed', 'found is not a boolean');
  const read = readNumbers(row, RANK_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (Object.keys(read.numbers).length === 0) return failed('malformed', 'found, but without a number');
  return { outcome: 'ok', numbers: read.numbers, ...(asOf === undefined ? {} : { asOf }) };
}
