import { failed, forAll } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { readAnswer } from '../read-answer.js';
import { isObject, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { RANK_METRICS } from './rank-metrics.js';

const DAY_MS = 86_400_000;

interface Place {
  readonly date: string;
  readonly at: number;
  readonly rank: number;
}

export function parseRanks(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  { now }: AskContext,
): Findings {
  if (!reply) return forAll(questions, { outcome: 'skipped', reason: 'unsupported' });
  if (reply.kind === 'reply' && (reply.status === 404 || reply.status === 403))
    return forAll(questions, failed('server', `HTTP ${reply.status}, a condition of the service`));
  const read = readAnswer(reply, now, false);
  return forAll(questions, 'failure' in read ? read.failure : finding(read.value, questions[0]?.unit ?? ''));
}

/** Days in any order; none at all means no place among the first million. */
function finding({ ranks, domain }: JsonObject, asked: string): Finding {
  if (!Array.isArray(ranks)) return failed('malformed', 'ranks is not a list');
  if (typeof domain === 'string' && domain.toLowerCase() !== asked)
    return failed('malformed', 'answers another domain');
  if (ranks.length === 0) return { outcome: 'absent', reason: 'not ranked' };
  const places = (ranks as unknown[]).map(readPlace);
  if (!places.every((place) => place !== undefined))
    return failed('malformed', 'a day without date and rank');
  return numbersOf(places);
}

function readPlace(value: unknown): Place | undefined {
  if (!isObject(value)) return undefined;
  const { date, rank } = value;
  const at = typeof date === 'string' && /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) : Number.NaN;
  return Number.isNaN(at) || typeof rank !== 'number' ? undefined : { date: date as string, at, rank };
}

function numbersOf(places: readonly Place[]): Finding {
  const newest = places.reduce((a, b) => (b.at > a.at ? b : a));
  const recent = places.filter(({ at }) => at > newest.at - 30 * DAY_MS);
  const ranks = recent.map(({ rank }) => rank);
  const source = {
    rank: newest.rank,
    best_rank_30d: Math.min(...ranks),
    worst_rank_30d: Math.max(...ranks),
    days_ranked_30d: new Set(recent.map(({ at }) => at)).size,
  };
  const read = readNumbers(source, RANK_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  return { outcome: 'ok', numbers: read.numbers, asOf: newest.date };
}
