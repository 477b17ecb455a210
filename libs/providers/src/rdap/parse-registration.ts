import { failed } from '../finding.js';
import type { Finding, MetricValue } from '../provider.js';
import { isObject, type JsonObject } from '../read-json.js';
import { eventTime } from './event-date.js';

const DAY_MS = 86_400_000;
const LONGEST_TTL_MS = 30 * DAY_MS;
/** A registry's clock may run ahead of ours. */
const CLOCK_SKEW_MS = DAY_MS;

/** Before the first domain, in March 1985: a zero date of some database, which says nothing. */
const FIRST_DOMAIN = Date.UTC(1985, 0, 1);

/** Dates that count; where an action stands twice: the first registration, the last of the others. */
const ACTIONS = { registration: 'first', expiration: 'last', 'last changed': 'last' } as const;
type Action = keyof typeof ACTIONS;

/** Reads an RDAP domain object as of `now`. */
export function parseRegistration(body: JsonObject, domain: string, now: number): Finding {
  if (body['objectClassName'] !== 'domain') return failed('malformed', 'not a domain object');
  const name = body['ldhName'];
  if (typeof name === 'string' && trimDot(name).toLowerCase() !== domain)
    return failed('malformed', 'answers another domain');
  const times = readEvents(body['events']);
  if (typeof times === 'string') return failed('malformed', times);
  const numbers: Record<string, MetricValue> = {};
  const fault = addDates(numbers, times, now) ?? addCounts(numbers, body);
  if (fault) return failed('malformed', fault);
  if (Object.keys(numbers).length === 0)
    return { outcome: 'absent', reason: 'registered, nothing published' };
  return { outcome: 'ok', numbers, ttlMs: ttlOf(times.get('expiration'), now) };
}

function trimDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

/** Times by action, or what is wrong. Events of other actions may be as odd as they like. */
function readEvents(events: unknown): Map<Action, number> | string {
  const times = new Map<Action, number>();
  if (events === undefined || events === null) return times;
  if (!Array.isArray(events)) return 'events is not a list';
  for (const event of events as unknown[]) {
    if (!isObject(event) || typeof event['eventAction'] !== 'string') return 'an event has no action';
    const action = event['eventAction'].toLowerCase();
    if (!isAction(action)) continue;
    const at = typeof event['eventDate'] === 'string' ? eventTime(event['eventDate']) : undefined;
    if (at === undefined) return `the date of ${action} is unreadable`;
    if (at < FIRST_DOMAIN) continue;
    const earlier = times.get(action);
    times.set(action, earlier === undefined ? at : pick(ACTIONS[action], earlier, at));
  }
  return times;
}

function isAction(action: string): action is Action {
  return Object.hasOwn(ACTIONS, action);
}

function pick(which: 'first' | 'last', a: number, b: number): number {
  return which === 'first' ? Math.min(a, b) : Math.max(a, b);
}

function addDates(
  numbers: Record<string, MetricValue>,
  times: Map<Action, number>,
  now: number,
): string | undefined {
  const registered = times.get('registration');
  const changed = times.get('last changed');
  const expires = times.get('expiration');
  if (isFuture(registered, now)) return 'registered in the future';
  if (isFuture(changed, now)) return 'changed in the future';
  addDate(numbers, 'age_days', 'registered_at', registered, (at) => Math.max(0, now - at));
  addDate(numbers, 'days_to_expiry', 'expires_at', expires, (at) => at - now);
  addDate(numbers, 'days_since_change', 'changed_at', changed, (at) => Math.max(0, now - at));
  return undefined;
}

function isFuture(at: number | undefined, now: number): boolean {
  return at !== undefined && at > now + CLOCK_SKEW_MS;
}

function addDate(
  numbers: Record<string, MetricValue>,
  days: string,
  day: string,
  at: number | undefined,
  distance: (at: number) => number,
): void {
  if (at === undefined) return;
  numbers[days] = Math.floor(distance(at) / DAY_MS);
  numbers[day] = new Date(at).toISOString();
}

/** What the registry does not mention is left out; an empty list is a measured 0. */
function addCounts(numbers: Record<string, MetricValue>, body: JsonObject): string | undefined {
  for (const [field, metric] of [
    ['status', 'status_count'],
    ['nameservers', 'nameserver_count'],
  ] as const) {
    const list = body[field];
    if (list === undefined || list === null) continue;
    if (!Array.isArray(list)) return `${field} is not a list`;
    numbers[metric] = list.length;
  }
  const signing = body['secureDNS'];
  if (signing === undefined || signing === null) return undefined;
  if (!isObject(signing)) return 'secureDNS is not an object';
  const signed = signing['delegationSigned'];
  if (signed === undefined || signed === null) return undefined;
  if (typeof signed !== 'boolean') return 'delegationSigned is not a boolean';
  numbers['dnssec'] = signed;
  return undefined;
}

/** Not past the end of the registration, when everything changes, but at least a day. */
function ttlOf(expires: number | undefined, now: number): number {
  if (expires === undefined || expires <= now) return expires === undefined ? LONGEST_TTL_MS : DAY_MS;
  return Math.min(Math.max(expires - now, DAY_MS), LONGEST_TTL_MS);
}
