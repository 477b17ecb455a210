import { failed, forAll, withoutKey, type Failed } from '../finding.js';
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
import { isIpAddress } from '../registrable-domain.js';
import { BULK_METRICS, ENDPOINTS } from './bulk-metrics.js';

const OK = 20_000;

/** Items of one endpoint by target; `undefined` under a target that came twice, differently. */
type Items = ReadonlyMap<string, JsonObject | undefined>;

/** Targets are domains, hosts and pages; an address is a target only as the host of a page. */
export function isSupported({ surface, unit }: Question): boolean {
  return surface === 'dataforseo.url' || !isIpAddress(unit);
}

/**
 * Each endpoint adds its numbers to its targets. Where one of them fails all questions fail: a row of some numbers would
 * be kept for a month and hide that the others were never had.
 */
export function parseTasks(
  replies: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  const asked = questions.filter(isSupported);
  const unsupported = questions.filter((question) => !isSupported(question));
  const findings = forAll(unsupported, { outcome: 'skipped', reason: 'unsupported' });
  if (asked.length === 0) return findings;
  const tables = ENDPOINTS.map((_, at) => readItems(replies[at], context));
  const failure = tables.find(isFailed);
  for (const question of asked) {
    const finding = failure ?? join(question.unit, tables as Items[]);
    if (finding) findings.set(questionKey(question), finding);
  }
  return findings;
}

function isFailed(table: Items | Failed): table is Failed {
  return 'outcome' in table;
}

function readItems(reply: ProviderReply | undefined, { now, key }: AskContext): Items | Failed {
  // One of the few errors with a status of its own: the balance is used up.
  if (reply?.kind === 'reply' && reply.status === 402) return failed('quota', 'HTTP 402');
  const read = readAnswer(reply, now, true);
  if ('failure' in read) return read.failure;
  const [task] = Array.isArray(read.value['tasks']) ? (read.value['tasks'] as unknown[]) : [];
  const refusal = refusalOf(read.value, key) ?? (isObject(task) ? refusalOf(task, key) : undefined);
  if (refusal) return refusal;
  const [result] = isObject(task) && Array.isArray(task['result']) ? (task['result'] as unknown[]) : [];
  const items = isObject(result) ? result['items'] : undefined;
  return Array.isArray(items) ? byTarget(items as unknown[]) : failed('malformed', 'no list of items');
}

/** `status_code` stands at the top and in the task; both under HTTP status 200. */
function refusalOf(
  { status_code: code, status_message: message }: JsonObject,
  key: string,
): Failed | undefined {
  if (code === OK) return undefined;
  if (typeof code !== 'number') return failed('malformed', 'status_code is missing');
  return failed(classOf(code), withoutSecrets(`${code}: ${typeof message === 'string' ? message : ''}`, key));
}

/** The key is `login:password`: neither part may show, nor both as they travel. */
function withoutSecrets(words: string, key: string): string {
  const colon = key.indexOf(':');
  const parts = colon < 0 ? [] : [key.slice(colon + 1), key.slice(0, colon)];
  return [key, Buffer.from(key).toString('base64'), ...parts].reduce(withoutKey, words);
}

/** A wrong login, an account that is not verified, an address of ours that is not on its list. */
const AUTH = new Set([40_100, 40_104, 40_207]);

/** 40200 and 40210 speak of money, 40204 of a plan, 40202 and 40209 of pace; 40101 to 40103 of the service's own trouble. */
function classOf(code: number): Failed['class'] {
  if (code === 40_202 || code === 40_209) return 'rate_limited';
  if (AUTH.has(code)) return 'auth';
  if (code >= 40_200 && code < 40_300) return 'quota';
  if (code >= 40_300 && code < 40_400) return 'auth';
  return code >= 40_400 && code < 50_000 ? 'bad_request' : 'server';
}

function byTarget(items: readonly unknown[]): Items {
  const found = new Map<string, JsonObject | undefined>();
  for (const item of items) {
    if (!isObject(item) || typeof item['target'] !== 'string') continue;
    const { target } = item;
    const same = !found.has(target) || JSON.stringify(found.get(target)) === JSON.stringify(item);
    found.set(target, same ? item : undefined);
  }
  return found;
}

/** Undefined where an endpoint left the target out. */
function join(target: string, tables: readonly Items[]): Finding | undefined {
  const source: Record<string, unknown> = {};
  for (const [at, { ids }] of ENDPOINTS.entries()) {
    const items = tables[at]!;
    if (!items.has(target)) return undefined;
    const item = items.get(target);
    if (!item) return failed('malformed', 'answered twice, differently');
    for (const id of ids) source[id] = item[id];
  }
  const read = readNumbers(source, BULK_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (Object.keys(read.numbers).length === 0) return { outcome: 'absent', reason: 'not in the index' };
  return { outcome: 'ok', numbers: read.numbers };
}
