import { isHtml, statusFailure, transportFailure, type Reply } from '../classify-reply.js';
import { failed, forAll } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { readJsonValue } from '../read-json.js';

/** Rows asked for: more months than there have been. A host's rows run over all its pages and may be more. */
export const MOST_ROWS = 1_000;
/** Whoever goes on after a 429 is shut out. */
const SHORTEST_PAUSE_MS = 60_000;

export function parseCaptures(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  { now }: AskContext,
): Findings {
  return forAll(questions, read(reply, now));
}

function read(reply: ProviderReply | undefined, now: number): Finding {
  if (!reply) return failed('malformed', 'no reply');
  if (reply.kind === 'error') return transportFailure(reply);
  if (isExcluded(reply)) return { outcome: 'absent', reason: 'excluded from the archive' };
  const failure = statusFailure(reply, now, false);
  if (failure?.class === 'rate_limited' || reply.status === 429)
    return failed(
      'rate_limited',
      `HTTP ${reply.status}`,
      Math.max(SHORTEST_PAUSE_MS, failure?.retryAfterMs ?? 0),
    );
  return failure ?? readRows(reply);
}

/** Sites that asked to be left out, now or by their robots.txt in former times: a fact about them, told under 403. */
function isExcluded({ status, headers, body }: Reply): boolean {
  if (status !== 403) return false;
  const words = `${headers['x-archive-wayback-runtime-error'] ?? ''} ${body.toString('utf8')}`;
  return /\b(Administrative|Robot)AccessControlException\b/.test(words);
}

/** A header row and a row for each capture; nothing captured is `[]` or an empty body. */
function readRows(reply: Reply): Finding {
  if (!reply.truncated && /^\s*$/.test(reply.body.toString('utf8', 0, 64))) return NEVER;
  if (isHtml(reply)) return failed('server', 'HTML instead of JSON');
  const body = readJsonValue(reply);
  if ('failure' in body) return body.failure;
  if (!Array.isArray(body.value)) return failed('malformed', 'not a list of captures');
  const [names, ...rows] = body.value as unknown[];
  if (names === undefined) return NEVER;
  const column = Array.isArray(names) ? names.indexOf('timestamp') : -1;
  if (column < 0) return failed('malformed', 'no column of timestamps');
  return rows.length === 0 ? NEVER : finding(rows, column);
}

const NEVER: Finding = { outcome: 'absent', reason: 'never captured' };
const TIMESTAMP = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/;

/** Rows of a host stand in the order of its pages, and months repeat from page to page. */
function finding(rows: readonly unknown[], column: number): Finding {
  const stamps: string[] = [];
  for (const row of rows) {
    const stamp: unknown = Array.isArray(row) ? row[column] : undefined;
    if (typeof stamp !== 'string' || instantOf(stamp) === undefined)
      return failed('malformed', 'a row without a timestamp');
    stamps.push(stamp);
  }
  const months = new Set(stamps.map((stamp) => stamp.slice(0, 6)));
  const first = stamps.reduce((a, b) => (b < a ? b : a));
  const last = [...months].reduce((a, b) => (b > a ? b : a));
  return {
    outcome: 'ok',
    numbers: {
      months_captured: months.size,
      first_capture_at: instantOf(first)!,
      last_captured_month: `${last.slice(0, 4)}-${last.slice(4)}`,
      capped: rows.length >= MOST_ROWS,
    },
  };
}

/** Undefined for what is no date. */
function instantOf(stamp: string): string | undefined {
  if (!TIMESTAMP.test(stamp)) return undefined;
  const at = Date.parse(stamp.replace(TIMESTAMP, '$1-$2-$3T$4:$5:$6Z'));
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
