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
import { LINK_METRICS, PROFILE_METRICS } from './bluesky-metrics.js';
import { splitBySurface } from './surfaces.js';

/** Without a key, a 401 or 403 says that the call wants one: as with a refused key, it is not worth trying again soon. */
const KEYED = true;

export function parseBluesky(
  replies: readonly ProviderReply[],
  questions: readonly Question[],
  { now }: AskContext,
): Findings {
  const { profiles, links } = splitBySurface(questions);
  const findings = profiles.length > 0 ? readProfiles(replies[0], profiles, now) : new Map<string, Finding>();
  const first = profiles.length > 0 ? 1 : 0;
  links.forEach((question, at) => findings.set(questionKey(question), readSearch(replies[first + at], now)));
  return findings;
}

/** Accounts go by handle or DID; who is not in the list does not exist. */
function readProfiles(
  reply: ProviderReply | undefined,
  questions: readonly Question[],
  now: number,
): Map<string, Finding> {
  const read = readAnswer(reply, now, KEYED);
  if ('failure' in read) return forAll(questions, read.failure);
  const { profiles } = read.value;
  if (!Array.isArray(profiles) || !profiles.every(isObject))
    return forAll(questions, failed('malformed', 'profiles is not a list of accounts'));
  const byName = new Map<string, Finding>();
  for (const profile of profiles as JsonObject[]) {
    for (const name of [profile['handle'], profile['did']])
      if (typeof name === 'string') putOnce(byName, name.toLowerCase(), readProfile(profile));
  }
  const findings = new Map<string, Finding>();
  for (const question of questions) {
    const finding = byName.get(question.unit.toLowerCase());
    findings.set(questionKey(question), finding ?? { outcome: 'absent', reason: 'no such account' });
  }
  return findings;
}

function readProfile(profile: JsonObject): Finding {
  const source = {
    followers: profile['followersCount'],
    following: profile['followsCount'],
    posts: profile['postsCount'],
    created_at: profile['createdAt'],
  };
  const read = readNumbers(source, PROFILE_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (Object.keys(read.numbers).length === 0) return failed('malformed', 'an account without a number');
  return { outcome: 'ok', numbers: read.numbers };
}

/** The total may be missing: then the posts that came are a number of at least. */
function readSearch(reply: ProviderReply | undefined, now: number): Finding {
  const body = readAnswer(reply, now, KEYED);
  if ('failure' in body) return body.failure;
  const { posts, hitsTotal, cursor } = body.value;
  if (!Array.isArray(posts)) return failed('malformed', 'posts is not a list');
  const known = hitsTotal !== undefined && hitsTotal !== null;
  const source = {
    linking_posts: known ? hitsTotal : posts.length,
    capped: !known && typeof cursor === 'string' && posts.length > 0,
  };
  const read = readNumbers(source, LINK_METRICS);
  return 'fault' in read ? failed('malformed', read.fault) : { outcome: 'ok', numbers: read.numbers };
}
