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
import { BATCH_METRICS, SELECT } from './batch-metrics.js';

/** `exact`: this page; `subdomains`: the domain with all its hosts. */
export function modeOf({ surface }: Question): 'exact' | 'subdomains' {
  return surface === 'ahrefs.url' ? 'exact' : 'subdomains';
}

export function parseTargets(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  { now }: AskContext,
): Findings {
  const read = readAnswer(reply, now, true);
  if ('failure' in read) return forAll(questions, paid(reply) ?? read.failure);
  const { targets } = read.value;
  if (!Array.isArray(targets)) return forAll(questions, failed('malformed', 'targets is not a list'));
  return matchRows(targets as unknown[], questions);
}

/** 402 stands for a subscription that does not include the call, or ran out. */
function paid(reply: ProviderReply | undefined): Finding | undefined {
  return reply?.kind === 'reply' && reply.status === 402 ? failed('quota', 'HTTP 402') : undefined;
}

/**
 * By the target and mode that a row repeats; its `index` must agree where there is one. Rows that repeat neither go by
 * their place, and only where there are as many as questions.
 */
function matchRows(rows: readonly unknown[], questions: readonly Question[]): Findings {
  const byTarget = new Map(questions.map((question) => [`${modeOf(question)} ${question.unit}`, question]));
  const aligned = rows.length === questions.length;
  const findings = new Map<string, Finding>();
  rows.forEach((row, at) => {
    const question = isObject(row)
      ? questionOf(row, aligned ? at : undefined, byTarget, questions)
      : undefined;
    if (question) putOnce(findings, questionKey(question), readRow(row as JsonObject));
  });
  return findings;
}

function questionOf(
  { url, mode, index }: JsonObject,
  at: number | undefined,
  byTarget: ReadonlyMap<string, Question>,
  questions: readonly Question[],
): Question | undefined {
  if (typeof url === 'string') return byTarget.get(`${String(mode)} ${url}`);
  if (typeof index === 'number') return questions[index];
  return at === undefined ? undefined : questions[at];
}

function readRow(row: JsonObject): Finding {
  const source = Object.fromEntries(Object.entries(SELECT).map(([id, field]) => [id, row[field]]));
  const read = readNumbers(source, BATCH_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (Object.keys(read.numbers).length === 0) return { outcome: 'absent', reason: 'not in the index' };
  return { outcome: 'ok', numbers: read.numbers };
}
