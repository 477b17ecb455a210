import { statusFailure, type Reply } from './classify-reply.js';
import { failed, withoutKey, type Failed } from './finding.js';
import { isObject, readJson, type JsonObject } from './read-json.js';
import { retryAfterMs } from './retry-after.js';
import { msToPacificMidnight } from './pacific-midnight.js';

interface GoogleError {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  /** Reasons of the old `errors` and the new `details` lists. */
  readonly reasons: readonly string[];
}

const RATE_REASONS = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'RATE_LIMIT_EXCEEDED']);
const DAY_REASONS = new Set(['dailyLimitExceeded', 'quotaExceeded']);

/**
 * Failure in a reply of a Google API: by its error object where there is one, whatever the HTTP status, else by status.
 * A limit per day is quota until midnight Pacific time, other limits are rate_limited, a key that is not valid is auth.
 */
export function googleFailure(
  reply: Reply,
  body: JsonObject | undefined,
  now: number,
  key: string,
): Failed | undefined {
  const error = body && readError(body, reply.status);
  if (!error) return statusFailure(reply, now, true);
  const message = withoutKey(`${error.code} ${error.status}: ${error.message}`, key);
  if (isLimit(error)) return limitFailure(error, message, reply, now);
  return failed(otherClass(error), message);
}

/** Body of a failed reply as an object, for `googleFailure`; undefined where it is none. */
export function errorBody(reply: Reply): JsonObject | undefined {
  const read = readJson(reply);
  return 'value' in read ? read.value : undefined;
}

function readError(body: JsonObject, httpStatus: number): GoogleError | undefined {
  const { error } = body;
  if (!isObject(error)) return undefined;
  const { code, status, message } = error;
  return {
    code: typeof code === 'number' && Number.isSafeInteger(code) ? code : httpStatus,
    status: typeof status === 'string' ? status : '',
    message: typeof message === 'string' ? message : '',
    reasons: [...reasonsIn(error['errors']), ...reasonsIn(error['details'])],
  };
}

function reasonsIn(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).flatMap((item) =>
    isObject(item) && typeof item['reason'] === 'string' ? [item['reason']] : [],
  );
}

function isLimit({ code, status, reasons, message }: GoogleError): boolean {
  if (code === 429 || status === 'RESOURCE_EXHAUSTED') return true;
  if (code !== 403) return false;
  return (
    [...RATE_REASONS].some((reason) => message.includes(reason)) ||
    reasons.some((r) => RATE_REASONS.has(r) || DAY_REASONS.has(r))
  );
}

function limitFailure(
  { message: words, reasons }: GoogleError,
  message: string,
  reply: Reply,
  now: number,
): Failed {
  const perDay = /\bper day\b/i.test(words) || reasons.some((reason) => DAY_REASONS.has(reason));
  if (perDay) return failed('quota', message, msToPacificMidnight(now));
  return failed('rate_limited', message, retryAfterMs(reply.headers, now));
}

function otherClass({ code, status, message, reasons }: GoogleError): Failed['class'] {
  if (/API key (not valid|expired)/i.test(message) || reasons.includes('API_KEY_INVALID')) return 'auth';
  if (code === 401 || code === 403 || status === 'PERMISSION_DENIED') return 'auth';
  if (code === 504 || status === 'DEADLINE_EXCEEDED') return 'timeout';
  return code >= 400 && code < 500 ? 'bad_request' : 'server';
}
