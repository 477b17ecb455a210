import { statusFailure, transportFailure, type Reply } from '../classify-reply.js';
import { failed, type Failed } from '../finding.js';
import type { Finding, ProviderReply } from '../provider.js';
import { isObject, readJson, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { POST_METRICS } from './post-metrics.js';

/** Posts of all replies, each once by its id. No post at all is a measured zero. */
export function parsePosts(replies: readonly ProviderReply[], now: number): Finding {
  const lists = replies.map((reply) => readPosts(reply, now));
  const failure = lists.find(isFailed);
  if (failure) return failure;
  const posts = new Map<string, JsonObject>();
  for (const post of (lists as JsonObject[][]).flat()) posts.set(String(post['id'] ?? post['name']), post);
  return finding([...posts.values()]);
}

function isFailed(list: JsonObject[] | Failed): list is Failed {
  return !Array.isArray(list);
}

function readPosts(reply: ProviderReply, now: number): JsonObject[] | Failed {
  if (reply.kind === 'error') return transportFailure(reply);
  const failure = statusFailure(reply, now, true);
  if (failure) return failure.class === 'rate_limited' ? { ...failure, ...resetOf(reply, failure) } : failure;
  const body = readJson(reply);
  if ('failure' in body) return body.failure;
  const { data } = body.value;
  const children = isObject(data) ? data['children'] : undefined;
  if (!Array.isArray(children)) return failed('malformed', 'no list of posts');
  const posts = (children as unknown[]).map((child) => (isObject(child) ? child['data'] : undefined));
  return posts.every(isPost) ? posts : failed('malformed', 'a post of another shape');
}

/** Seconds until the window is over, in a header of its own. */
function resetOf({ headers }: Reply, { retryAfterMs }: Failed): { retryAfterMs?: number } {
  const reset = headers['x-ratelimit-reset'] ?? '';
  if (retryAfterMs !== undefined || !/^\d{1,6}$/.test(reset)) return {};
  return { retryAfterMs: Number(reset) * 1_000 };
}

function isPost(post: unknown): post is JsonObject {
  if (!isObject(post)) return false;
  const { id, name, score, num_comments: comments, subreddit } = post;
  const named = typeof id === 'string' || typeof name === 'string';
  return (
    named &&
    isNumber(score) &&
    isNumber(comments) &&
    (subreddit === undefined || typeof subreddit === 'string')
  );
}

/** No post has come near so many votes or comments. */
const MOST = 10_000_000;

function isNumber(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return Number.isSafeInteger(value) && Math.abs(value as number) <= MOST;
}

function finding(posts: readonly JsonObject[]): Finding {
  const total = (name: string) =>
    posts.reduce((sum, post) => sum + (typeof post[name] === 'number' ? post[name] : 0), 0);
  const source = {
    posts: posts.length,
    score: total('score'),
    comments: total('num_comments'),
    subreddits: new Set(posts.flatMap(({ subreddit }) => (typeof subreddit === 'string' ? [subreddit] : [])))
      .size,
  };
  const read = readNumbers(source, POST_METRICS);
  return 'fault' in read ? failed('malformed', read.fault) : { outcome: 'ok', numbers: read.numbers };
}
