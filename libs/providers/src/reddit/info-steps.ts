import { parseUrl } from '@assay/contracts';
import { statusFailure, transportFailure } from '../classify-reply.js';
import { failed, forAll, type Failed } from '../finding.js';
import type { AskContext, Findings, ProviderReply, ProviderRequest, Question } from '../provider.js';
import { readJson } from '../read-json.js';
import { parsePosts } from './parse-posts.js';

const TOKEN = 'https://www.reddit.com/api/v1/access_token';
const INFO = 'https://oauth.reddit.com/api/info';
/** Tokens live for a day, some for an hour. */
const TOKEN_SHARED_MS = 3_000_000;
const CAP_BYTES = 2 * 1024 * 1024;

/** A token, shared; then the posts of both spellings of the page. */
export function* infoSteps(
  questions: readonly Question[],
  context: AskContext,
): Generator<readonly ProviderRequest[], Findings, readonly ProviderReply[]> {
  const [question] = questions;
  if (!question) return new Map();
  const [reply] = yield [tokenRequest(context)];
  const token = readToken(reply, context.now);
  if (typeof token !== 'string') return forAll(questions, token);
  const replies = yield spellings(question.unit).map((url) => infoRequest(url, token, context));
  return forAll(questions, parsePosts(replies, context.now));
}

function tokenRequest({ key, userAgent }: AskContext): ProviderRequest {
  return {
    method: 'POST',
    url: TOKEN,
    headers: {
      authorization: `Basic ${Buffer.from(key).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': userAgent,
    },
    body: 'grant_type=client_credentials',
    sharedForMs: TOKEN_SHARED_MS,
  };
}

/** A refusal here is one of our client. */
function readToken(reply: ProviderReply | undefined, now: number): string | Failed {
  if (!reply) return failed('malformed', 'no token');
  if (reply.kind === 'error') return transportFailure(reply);
  const failure = statusFailure(reply, now, true);
  if (failure) return failure.class === 'bad_request' ? { ...failure, class: 'auth' } : failure;
  const body = readJson(reply);
  if ('failure' in body) return body.failure;
  const { access_token: token, error } = body.value;
  if (typeof error === 'string') return failed('auth', `token: ${error}`);
  // What cannot stand in a header is no token.
  return typeof token === 'string' && /^[\x21-\x7e]{1,4096}$/.test(token)
    ? token
    : failed('malformed', 'no token');
}

/** As it is, and with its slash at the end taken away or put there. */
export function spellings(url: string): string[] {
  const parsed = parseUrl(url);
  if (!parsed) return [url];
  const { pathname, search, hash } = parsed;
  if (search !== '' || hash !== '') return [url];
  if (pathname === '/')
    return [url, url.replace(/\/$/, '')].filter((one, at, all) => all.indexOf(one) === at);
  return [url, url.endsWith('/') ? url.slice(0, -1) : `${url}/`];
}

function infoRequest(url: string, token: string, { userAgent }: AskContext): ProviderRequest {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': userAgent };
  return {
    method: 'GET',
    url: `${INFO}?url=${encodeURIComponent(url)}&limit=100`,
    headers,
    capBytes: CAP_BYTES,
  };
}
