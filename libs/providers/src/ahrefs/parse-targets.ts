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
import { isIpAddress } from '../registrable-domain.js';
import { pageKey } from '../same-page.js';
import { BATCH_METRICS, SELECT } from './batch-metrics.js';

/** `exact`: this page; `subdomains`: the domain with all its hosts. */
export function modeOf({ surface }: Question): 'exact' | 'subdomains' {
  return surface === 'ahrefs.url' ? 'exact' : 'subdomains';
}

/** An address is no domain, and one target that Ahrefs cannot read may spoil the batch. */
export function isSupported({ surface, unit }: Question): boolean {
  return surface === 'ahrefs.url' || !isIpAddress(unit);
}

export function parseTargets(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  const asked = questions.filter(isSupported);
  const unsupported = questions.filter((question) => !isSupported(question));
  const findings = forAll(unsupported, { outcome: 'skipped', reason: 'unsupported' });
  if (asked.length === 0) return findings;
  for (const [key, finding] of readReply(reply, asked, context)) findings.set(key, finding);
  return findings;
}

function readReply(
  reply: ProviderReply | undefined,
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
 * By the target and mode that a row repeats, letter by letter. Else by its `index`, or by its place where there are as
 * many rows as questions: then what it repeats must still be about the same page and mode, since a dropped target would
 * shift all that follow.
 */
function matchRows(rows: readonly unknown[], questions: readonly Question[]): Findings {
  const byTarget = new Map(questions.map((question) => [`${modeOf(question)} ${question.unit}`, question]));
  const aligned = rows.length === questions.length;
  const findings = new Map<string, Finding>();
  rows.forEach((row, at) => {
    if (!isObject(row)) return;
    const question = byTarget.get(targetOf(row)) ?? questionAt(row, aligned ? at : undefined, questions);
    if (question) putOnce(findings, questionKey(question), readRow(row));
  });
  return findings;
}

function targetOf({ url, mode }: JsonObject): string {
  return typeof url === 'string' && typeof mode === 'string' ? `${mode} ${url}` : '';
}

function questionAt(
  { url, mode, index }: JsonObject,
  place: number | undefined,
  questions: readonly Question[],
): Question | undefined {
  const at = typeof index === 'number' ? index : place;
  const question = at === undefined ? undefined : questions[at];
  if (!question || (typeof mode === 'string' && mode !== modeOf(question))) return undefined;
  return typeof url !== 'string' || pageKey(url) === pageKey(question.unit) ? question : undefined;
}

function readRow(row: JsonObject): Finding {
  const source = Object.fromEntries(Object.entries(SELECT).map(([id, field]) => [id, row[field]]));
  const read = readNumbers(source, BATCH_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (Object.keys(read.numbers).length === 0) return { outcome: 'absent', reason: 'not in the index' };
  return { outcome: 'ok', numbers: read.numbers };
}
