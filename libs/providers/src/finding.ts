import { questionKey, type Finding, type Question } from './provider.js';

export type Failed = Extract<Finding, { outcome: 'failed' }>;

const LONGEST_MESSAGE = 200;

/** A failed finding; its message is cut at 200 characters. */
export function failed(cls: Failed['class'], message: string, retryAfterMs?: number): Failed {
  return {
    outcome: 'failed',
    class: cls,
    message: message.slice(0, LONGEST_MESSAGE),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Provider's own words for a message, without the key that it may repeat. */
export function withoutKey(text: string, key: string): string {
  return key ? text.split(key).join('[key]') : text;
}

/** The same finding for every question: a reply that says nothing about any one of them, or all there is. */
export function forAll(questions: Iterable<Question>, finding: Finding): Map<string, Finding> {
  const findings = new Map<string, Finding>();
  for (const question of questions) findings.set(questionKey(question), finding);
  return findings;
}

/** Two answers to one question that differ cannot both be true: neither is kept. */
export function putOnce(findings: Map<string, Finding>, key: string, finding: Finding): void {
  const earlier = findings.get(key);
  if (earlier === undefined) findings.set(key, finding);
  else if (JSON.stringify(earlier) !== JSON.stringify(finding)) {
    findings.set(key, failed('malformed', 'answered twice, differently'));
  }
}
