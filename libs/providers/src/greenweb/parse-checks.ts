import { failed, forAll } from '../finding.js';
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
import { isIpAddress } from '../registrable-domain.js';

/** An object by host; a host that it leaves out has no finding. */
export function parseChecks(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  { now }: AskContext,
): Findings {
  const asked = questions.filter(({ unit }) => !isIpAddress(unit));
  const findings = forAll(
    questions.filter(({ unit }) => isIpAddress(unit)),
    { outcome: 'skipped', reason: 'unsupported' },
  );
  if (asked.length === 0) return findings;
  const read = readAnswer(reply, now, false);
  if ('failure' in read) return new Map([...findings, ...forAll(asked, read.failure)]);
  for (const question of asked) {
    const row = Object.hasOwn(read.value, question.unit) ? read.value[question.unit] : undefined;
    if (row !== undefined) findings.set(questionKey(question), finding(row, question.unit));
  }
  return findings;
}

function finding(row: unknown, host: string): Finding {
  if (!isObject(row)) return failed('malformed', 'a row is not an object');
  if (typeof row['url'] === 'string' && row['url'].toLowerCase() !== host)
    return failed('malformed', 'a row about another host');
  const { green } = row;
  if (typeof green !== 'boolean') return failed('malformed', 'green is not a boolean');
  return { outcome: 'ok', numbers: { green, ...hoster(row) } };
}

function hoster({ hosted_by }: JsonObject): { hosted_by?: string } {
  return typeof hosted_by === 'string' && hosted_by !== '' ? { hosted_by: hosted_by.slice(0, 512) } : {};
}
