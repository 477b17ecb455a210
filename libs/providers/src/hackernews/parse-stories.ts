import { failed, forAll } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { readAnswer } from '../read-answer.js';
import { isObject, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { pageKey } from '../same-page.js';
import { STORY_METRICS } from './story-metrics.js';

export function parseStories(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  { now }: AskContext,
): Findings {
  const read = readAnswer(reply, now, false);
  if ('failure' in read) return forAll(questions, read.failure);
  return forAll(questions, finding(read.value, questions[0]?.unit ?? ''));
}

/** Hits are near misses too: only those whose URL is ours count. None at all is a measured zero. */
function finding({ hits, nbPages }: JsonObject, unit: string): Finding {
  if (!Array.isArray(hits) || !hits.every(isHit)) return failed('malformed', 'hits is not a list of stories');
  if (!isCount(nbPages)) return failed('malformed', 'nbPages is not a count');
  const ours = pageKey(unit);
  const same = hits.filter(
    ({ url }) => typeof url === 'string' && ours !== undefined && pageKey(url) === ours,
  );
  const source = {
    stories: same.length,
    points: total(same, 'points'),
    comments: total(same, 'num_comments'),
    first_story_at: earliest(same),
    capped: nbPages > 1,
  };
  const read = readNumbers(source, STORY_METRICS);
  return 'fault' in read ? failed('malformed', read.fault) : { outcome: 'ok', numbers: read.numbers };
}

function isHit(hit: unknown): hit is JsonObject {
  if (!isObject(hit)) return false;
  const { url, points, num_comments: comments, created_at_i: at } = hit;
  const numbers = [points, comments, at].every(
    (value) => value === undefined || value === null || isCount(value),
  );
  return numbers && (url === undefined || url === null || typeof url === 'string');
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Of those that tell it. Undefined where there are stories and none tells: that is no zero. */
function total(hits: readonly JsonObject[], name: string): number | undefined {
  const told = hits.flatMap(({ [name]: value }) => (typeof value === 'number' ? [value] : []));
  return hits.length > 0 && told.length === 0 ? undefined : told.reduce((sum, value) => sum + value, 0);
}

function earliest(hits: readonly JsonObject[]): string | undefined {
  const times = hits.flatMap(({ created_at_i: at }) =>
    typeof at === 'number' && at >= 0 && at < 1e11 ? [at] : [],
  );
  return times.length === 0 ? undefined : new Date(Math.min(...times) * 1_000).toISOString();
}
