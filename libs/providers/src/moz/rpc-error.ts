import { statusFailure, type Reply } from '../classify-reply.js';
import { failed, withoutKey, type Failed } from '../finding.js';
import { isObject, type JsonObject } from '../read-json.js';
import { retryAfterMs } from '../retry-after.js';

const AUTH_CODE = -32651;
/** The reset of a plan's month is not in the error: ask again in an hour. */
const QUOTA_PROBE_MS = 3_600_000;

/** Failure of a whole call: the JSON-RPC error where there is one, whatever the HTTP status, else by status. */
export function rpcFailure(
  reply: Reply,
  body: JsonObject | undefined,
  now: number,
  key: string,
): Failed | undefined {
  const error = body?.['error'];
  if (!isObject(error)) return statusFailure(reply, now, true);
  const status = httpStatus(error, reply.status);
  const code = Number.isSafeInteger(error['code']) ? (error['code'] as number) : 0;
  const words = withoutKey(`${code}: ${explanation(error)}`, key);
  const wait = retryAfterMs(reply.headers, now);
  if (isQuota(error, status)) return failed('quota', words, wait ?? QUOTA_PROBE_MS);
  return failed(classOf(code, status), words, wait);
}

/** Failure of one site of a batch. */
export function siteFailure(error: unknown, key: string): Failed {
  const first: unknown = Array.isArray(error) ? error[0] : error;
  const words = isObject(first) ? explanation(first) : '';
  return failed('bad_request', withoutKey(`refused: ${words}`, key));
}

function explanation(error: JsonObject): string {
  return typeof error['message'] === 'string' ? error['message'] : 'no message';
}

function httpStatus(error: JsonObject, status: number): number {
  const own = error['status'] ?? error['httpStatus'];
  return Number.isSafeInteger(own) ? (own as number) : status;
}

function classOf(code: number, status: number): Failed['class'] {
  if (code === AUTH_CODE || status === 401 || status === 403) return 'auth';
  if (status === 429) return 'rate_limited';
  return status >= 500 ? 'server' : 'bad_request';
}

/** No code is documented for a used-up plan: its words are `quota` or rows that were `allotted`. */
function isQuota(error: JsonObject, status: number): boolean {
  const { data } = error;
  const issue = isObject(data) && typeof data['issue'] === 'string' ? data['issue'] : '';
  return status >= 400 && status < 500 && /\b(quota|allotted)\b/i.test(`${explanation(error)} ${issue}`);
}
