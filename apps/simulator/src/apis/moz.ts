import { none, type Truth, type TruthValue } from '../truth/expected.js';
import type { Api } from './api.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import { acceptsKey } from './keys.js';
import { SCOPES, mozMetrics, type Scope } from './moz-metrics.js';
import { parseObject } from './parse-object.js';

const PER_CALL = 50;
const MONTH = 30 * 86_400_000;
/** Rows a month of the simulated plan. */
export const MOZ_ROWS = 4_000_000;
const SHORTEST_ID = 24;

interface SiteQuery {
  readonly query: string;
  readonly scope: Scope;
}

interface Call {
  readonly id: string | null;
  readonly method: string;
  readonly queries: readonly SiteQuery[];
}

/** Codes from -32090 on are of the simulator: the documentation names none for these cases. */
const CODES = { 'too-many-requests': -32090, 'quota-exceeded': -32091, internal: -32603 } as const;

export const moz: Api = {
  id: 'moz',
  hosts: ['api.moz.com'],
  exchange: (request, { usedUnits }) => rpc(request, (token) => usedUnits(`moz|${token}`)),
  truth: mozTruth,
};

/** JSON-RPC: metrics of up to 50 sites a call, and what is left of the month's rows. */
function rpc(request: WireRequest, rowsUsed: (token: string) => number): Exchange {
  const body = parseObject(request.body);
  const token = request.headers['x-moz-token'] as string | undefined;
  const call: Call = {
    id: idOf(body),
    method: String(body?.['method'] ?? ''),
    queries: queriesOf(body) ?? [],
  };
  const refused = refusal(request, token, body);
  const words = wordsFor(call.id);
  return {
    provider: 'moz',
    asked: call.queries.map(({ query, scope }) => ({ surface: surfaceOf(scope), unit: query })),
    unit: call.queries[0]?.query ?? call.method,
    limit: { key: `moz|${token}`, windows: [{ permits: MOZ_ROWS, perMs: MONTH, of: 'units' }] },
    penalised: true,
    ...(refused && { refused }),
    answer: () => answerOf(call, rowsUsed(token ?? '')),
    words,
  };
}

function fail(id: string | null, code: number, status: number, message: string, issue: string): WireAnswer {
  const data = { explanation: message, issue, key: null };
  const where = code === -32600 ? { httpStatus: status } : { status };
  return json(status, { id, jsonrpc: '2.0', error: { code, ...where, message, data } });
}

function wordsFor(id: string | null): ProviderWords {
  const say = (issue: keyof typeof CODES, status: number, text: string) =>
    fail(id, CODES[issue], status, text, issue);
  return {
    noRetryAfter: true,
    tooMany: () => say('too-many-requests', 429, 'Too many requests.'),
    exhausted: () => say('quota-exceeded', 429, 'The allotted rows of this period are used up.'),
    broken: (status) =>
      status === 503 ? page(503, 'Service Unavailable') : say('internal', status, 'Internal error.'),
    unauthorised: () => fail(id, -32651, 401, 'Please provide a valid token.', 'unauthorized'),
  };
}

function refusal(
  request: WireRequest,
  token: string | undefined,
  body: Readonly<Record<string, unknown>> | undefined,
): WireAnswer | undefined {
  if (request.path !== '/jsonrpc') return page(404, 'Not Found');
  const id = idOf(body);
  if (!body || body['jsonrpc'] !== '2.0')
    return fail(id, -32600, 400, 'Invalid request.', 'invalid-envelope');
  if (!acceptsKey(token)) return wordsFor(id).unauthorised();
  if (!id || id.length < SHORTEST_ID)
    return fail(id, -32654, 400, `The id must be at least ${SHORTEST_ID} characters.`, 'short-id');
  if (body['method'] === 'quota.lookup') return undefined;
  if (body['method'] !== 'data.site.metrics.fetch.multiple')
    return fail(id, -32601, 404, 'Method not found.', 'unknown-method');
  const queries = queriesOf(body);
  if (!queries || queries.length === 0)
    return fail(id, -32652, 400, 'Please include a site_queries.', 'param-is-missing');
  if (queries.length > PER_CALL)
    return fail(id, -32652, 400, `Please include at most ${PER_CALL} site_queries.`, 'param-is-too-long');
  return undefined;
}

function idOf(body: Readonly<Record<string, unknown>> | undefined): string | null {
  return typeof body?.['id'] === 'string' ? body['id'] : null;
}

function queriesOf(body: Readonly<Record<string, unknown>> | undefined): SiteQuery[] | undefined {
  const params = body?.['params'] as { data?: { site_queries?: unknown } } | undefined;
  const given = params?.data?.site_queries;
  if (!Array.isArray(given)) return undefined;
  const good = given.every((one) => typeof one?.query === 'string' && SCOPES.includes(one.scope as Scope));
  return good ? (given as SiteQuery[]) : undefined;
}

function answerOf(call: Call, used: number): WireAnswer {
  const result = call.method === 'quota.lookup' ? quotaOf(used) : sitesOf(call.queries);
  return json(200, { id: call.id, jsonrpc: '2.0', result });
}

function quotaOf(used: number): Record<string, unknown> {
  return { quota: { allotted: MOZ_ROWS, used, reset: 'month', period_reset: 1_798_761_600 } };
}

/** What is no site stands in `errors_by_site`; a site outside the index has no metrics. */
function sitesOf(queries: readonly SiteQuery[]): Record<string, unknown> {
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const { query, scope } of queries) {
    const site_query = {
      query: normalised(query, scope),
      scope,
      original_site_query: { query, scope },
      site_query_suggestion: null,
    };
    const site_metrics = mozMetrics(query, scope);
    if (site_metrics === undefined)
      errors.push({ site_query, error: { code: -32655, status: 400, message: 'Not a site.' } });
    else results.push({ site_query, site_metrics });
  }
  return { results_by_site: results, errors_by_site: errors };
}

function normalised(query: string, scope: Scope): string {
  return scope === 'url' && !/^https?:\/\//.test(query) ? `https://${query}` : query;
}

function surfaceOf(scope: Scope): string {
  return scope === 'subdomain' ? 'moz.host' : `moz.${scope}`;
}

function mozTruth(unit: string, surface: string): Truth {
  const scope = surface === 'moz.host' ? 'subdomain' : surface === 'moz.domain' ? 'domain' : 'url';
  const metrics = mozMetrics(unit, scope);
  if (metrics === undefined) return none('failed', 'not a site');
  if (metrics === null) return none('absent', 'not in the index');
  const known = Object.entries(metrics).filter(([name, value]) => !unknown(name, value) && !NAMES.has(name));
  return { outcome: 'ok', numbers: Object.fromEntries(known) as Record<string, TruthValue> };
}

/** Echoes and dates, no metrics. */
const NAMES = new Set(['page', 'subdomain', 'root_domain', 'last_crawled']);

function unknown(name: string, value: number | string | null): boolean {
  return value === null || value === '' || (name === 'spam_score' && value === -1);
}
