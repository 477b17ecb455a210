import { transportFailure } from '../classify-reply.js';
import { failed, forAll } from '../finding.js';
import { errorBody, googleFailure } from '../google-error.js';
import type { AskContext, Finding, Findings, MetricValue, ProviderReply, Question } from '../provider.js';
import { isObject, readJson, type JsonObject } from '../read-json.js';
import { THREATS } from './threats.js';

const DAY_MS = 86_400_000;

/** `{}`: not listed, a measured zero. Else `threat` names the types and until when that may be believed. */
export function parseThreats(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  return forAll(questions, read(reply, context));
}

function read(reply: ProviderReply | undefined, { now, key }: AskContext): Finding {
  if (!reply) return failed('malformed', 'no reply');
  if (reply.kind === 'error') return transportFailure(reply);
  const failure = googleFailure(reply, errorBody(reply), now, key);
  if (failure) return failure;
  const body = readJson(reply);
  if ('failure' in body) return body.failure;
  const { threat, ...rest } = body.value;
  if (threat === undefined && Object.keys(rest).length > 0)
    return failed('malformed', 'an answer of another shape');
  return threat === undefined ? listed([]) : readThreat(threat, now);
}

function readThreat(threat: unknown, now: number): Finding {
  if (!isObject(threat) || !isTypeList(threat['threatTypes']))
    return failed('malformed', 'threat has no list of types');
  const ttlMs = freshFor(threat, now);
  const finding = listed(threat['threatTypes']);
  return ttlMs === undefined ? finding : { ...finding, ttlMs };
}

function isTypeList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((type) => typeof type === 'string');
}

function listed(types: readonly string[]) {
  const numbers: Record<string, MetricValue> = { threats: new Set(types).size };
  for (const { type, metric } of THREATS) numbers[metric] = types.includes(type);
  return { outcome: 'ok' as const, numbers };
}

/** A match must not be believed past its `expireTime`; at most a day. */
function freshFor({ expireTime }: JsonObject, now: number): number | undefined {
  const at = typeof expireTime === 'string' ? Date.parse(expireTime) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - now, 0), DAY_MS);
}
