import { parseUrl } from '@assay/contracts';
import { statusFailure, transportFailure, type Reply } from '../classify-reply.js';
import { failed, type Failed } from '../finding.js';
import type { Finding, ProviderReply, Question } from '../provider.js';
import { isObject, readJson, type JsonObject } from '../read-json.js';
import { retryAfterMs } from '../retry-after.js';
import { pageKey } from '../same-page.js';

/** The wiki lags behind or wants fewer calls: it says for how long, else this is polite. */
const POLITE_WAIT_MS = 5_000;

export interface Usage {
  readonly pages: readonly number[];
  readonly capped: boolean;
}

/** An article that links over both protocols counts once. No link at all is a measured zero. */
export function mergeUsages(usages: readonly Usage[]): Finding {
  const articles = new Set(usages.flatMap(({ pages }) => pages)).size;
  return { outcome: 'ok', numbers: { articles, capped: usages.some(({ capped }) => capped) } };
}

/** Articles with links over one protocol. */
export function readUsage(reply: ProviderReply | undefined, question: Question, now: number): Usage | Failed {
  if (!reply) return failed('malformed', 'no reply');
  if (reply.kind === 'error') return transportFailure(reply);
  const body = readJson(reply);
  const error = 'value' in body ? body.value['error'] : undefined;
  if (isObject(error)) return errorFailure(error, reply, now);
  const failure = statusFailure(reply, now, false);
  if (failure) return failure;
  return 'failure' in body ? body.failure : countPages(body.value, question);
}

/** Errors come under status 200, with a code. */
function errorFailure({ code, info }: JsonObject, reply: Reply, now: number): Failed {
  const name = typeof code === 'string' ? code : '';
  const words = `${name}: ${typeof info === 'string' ? info : ''}`;
  const wait = retryAfterMs(reply.headers, now) ?? POLITE_WAIT_MS;
  if (name === 'maxlag' || name === 'ratelimited') return failed('rate_limited', words, wait);
  if (/^(internal|readonly|db)/.test(name)) return failed('server', words);
  return statusFailure(reply, now, false) ?? failed(name ? 'bad_request' : 'malformed', words);
}

function countPages(body: JsonObject, question: Question): Usage | Failed {
  const rows = isObject(body['query']) ? body['query']['exturlusage'] : undefined;
  if (!Array.isArray(rows) || !rows.every(isRow))
    return failed('malformed', 'exturlusage is not a list of links');
  const isOurs = matcher(question);
  return {
    pages: rows.filter(({ url }) => isOurs(url)).map(({ pageid }) => pageid),
    capped: body['continue'] !== undefined && body['continue'] !== null,
  };
}

function isRow(row: unknown): row is { pageid: number; url: string } {
  return (
    isObject(row) &&
    Number.isSafeInteger(row['pageid']) &&
    (row['pageid'] as number) > 0 &&
    typeof row['url'] === 'string'
  );
}

/** The wiki finds whatever begins with what was asked. */
function matcher({ surface, unit }: Question): (url: string) => boolean {
  if (surface === 'wikipedia.host') return (url) => hostOf(url) === unit;
  const ours = pageKey(unit);
  return (url) => ours !== undefined && pageKey(url) === ours;
}

function hostOf(url: string): string | undefined {
  const text = url.startsWith('//') ? `https:${url}` : url;
  return parseUrl(text)?.hostname;
}
