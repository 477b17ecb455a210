import { parseUrl } from '@assay/contracts';
import { transportFailure } from '../classify-reply.js';
import { failed, forAll } from '../finding.js';
import { errorBody, googleFailure } from '../google-error.js';
import {
  questionKey,
  type AskContext,
  type Finding,
  type Findings,
  type MetricValue,
  type ProviderReply,
  type Question,
} from '../provider.js';
import { isObject, readJson, type JsonObject } from '../read-json.js';
import { THREAT_TYPES } from './threat-types.js';

const CLEAN_TTL_MS = 1_800_000;
/** For a match without a readable `cacheDuration`. */
const UNSAID_TTL_MS = 300_000;
const DURATION = /^(\d{1,9})(?:\.(\d{1,9}))?s$/;

interface Match {
  readonly url: string;
  readonly threat: string;
  readonly ttlMs: number;
}

/** Only matching URLs are listed: silence about a URL is the answer "not listed". */
export function parseMatches(
  replies: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  const [reply] = replies;
  if (!reply) return forAll(questions, failed('malformed', 'no reply'));
  if (reply.kind === 'error') return forAll(questions, transportFailure(reply));
  if (reply.status !== 200) {
    const failure = googleFailure(reply, errorBody(reply), context.now, context.key);
    return forAll(questions, failure ?? failed('malformed', `HTTP ${reply.status}`));
  }
  const read = readJson(reply);
  if ('failure' in read) return forAll(questions, read.failure);
  if ('error' in read.value) {
    const failure = googleFailure(reply, read.value, context.now, context.key);
    return forAll(questions, failure ?? failed('malformed', 'an error of another shape'));
  }
  const matches = readMatches(read.value);
  return typeof matches === 'string'
    ? forAll(questions, failed('malformed', matches))
    : assign(matches, questions);
}

/** `{}` is the answer without a match. An object that holds something else is no answer of this service. */
function readMatches(body: JsonObject): Match[] | string {
  const { matches } = body;
  if (matches === undefined && Object.keys(body).length === 0) return [];
  if (!Array.isArray(matches)) return 'matches is not a list';
  const read: Match[] = [];
  for (const match of matches as unknown[]) {
    const entry = readMatch(match);
    if (!entry) return 'a match is unreadable';
    read.push(entry);
  }
  return read;
}

function readMatch(match: unknown): Match | undefined {
  if (!isObject(match) || typeof match['threatType'] !== 'string') return undefined;
  const { threat } = match;
  if (!isObject(threat) || typeof threat['url'] !== 'string') return undefined;
  return { url: threat['url'], threat: match['threatType'], ttlMs: duration(match['cacheDuration']) };
}

function duration(value: unknown): number {
  const parts = typeof value === 'string' ? DURATION.exec(value) : null;
  if (!parts) return UNSAID_TTL_MS;
  return Math.min(Math.floor(Number(`${parts[1]}.${parts[2] ?? 0}`) * 1000), CLEAN_TTL_MS);
}

/**
 * Sorts matches by URL. One that belongs to none of ours may be ours in another spelling: then nobody
 * can tell which of the unlisted URLs is clean, and those fail while the listed ones stand.
 */
function assign(matches: readonly Match[], questions: readonly Question[]): Findings {
  const asked = spellings(questions);
  const found = new Map<string, Match[]>();
  let strays = 0;
  for (const match of matches) {
    const unit = asked.get(match.url) ?? asked.get(spelling(match.url));
    if (unit === undefined) strays++;
    else found.set(unit, [...(found.get(unit) ?? []), match]);
  }
  const findings = new Map<string, Finding>();
  for (const question of questions)
    findings.set(questionKey(question), finding(found.get(question.unit), strays));
  return findings;
}

/** Every question's unit, by itself and by its normalised spelling. */
function spellings(questions: readonly Question[]): Map<string, string> {
  const asked = new Map<string, string>();
  for (const { unit } of questions) asked.set(spelling(unit), unit);
  for (const { unit } of questions) asked.set(unit, unit);
  return asked;
}

function spelling(url: string): string {
  return parseUrl(url)?.href ?? url;
}

function finding(matches: readonly Match[] | undefined, strays: number): Finding {
  if (!matches && strays > 0) return failed('malformed', 'a match names a URL that was not asked');
  const threats = new Set((matches ?? []).map(({ threat }) => threat));
  const numbers: Record<string, MetricValue> = { threats: threats.size, match_count: matches?.length ?? 0 };
  for (const { id, metric } of THREAT_TYPES) numbers[metric] = threats.has(id);
  const ttlMs = Math.min(CLEAN_TTL_MS, ...(matches ?? []).map((match) => match.ttlMs));
  return { outcome: 'ok', numbers, ttlMs };
}
