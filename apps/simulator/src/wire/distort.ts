import { hash32 } from '../world/hash.js';
import type { Exchange, WireAnswer } from './exchange.js';
import { page } from './exchange.js';
import type { FaultName } from './faults.js';
import { withRetryAfter } from './retry-after.js';

/** Two MiB of one JSON text or page: more than any reader takes for an API. */
const OVERSIZED = 2 * 1024 * 1024;
/** Arrays whose rows a batch fault touches. */
const ROWS = new Set([
  'results',
  'results_by_site',
  'matches',
  'Answer',
  'Data',
  'targets',
  'items',
  'profiles',
  'hits',
  'ranks',
  'exturlusage',
  'children',
]);

type Distortion = (exchange: Exchange, nth: number, now: number) => WireAnswer;

/** Answers that go wrong in what they say. Those that go wrong on the socket are `breaks`. */
const DISTORTIONS: Partial<Record<FaultName, Distortion>> = {
  '429': (exchange, nth, now) => withRetryAfter(exchange.words, exchange.words.tooMany(), nth, 1_000, now),
  '500': (exchange) => exchange.words.broken(500),
  '503': (exchange) => {
    const answer = exchange.words.broken(503);
    return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } };
  },
  auth: (exchange) => exchange.words.unauthorised(),
  quota: (exchange) => (exchange.words.exhausted ?? exchange.words.tooMany)(),
  'error-200': (exchange) => ({ ...exchange.words.broken(500), status: 200 }),
  'bad-request': (exchange) => ({ ...exchange.words.broken(500), status: 400 }),
  garbage: (exchange, nth) => garbage(exchange, nth),
  truncated: (exchange) => half(exchange.answer()),
  html: (exchange) => ({ ...page(200, 'We will be back soon'), headers: exchange.answer().headers }),
  empty: (exchange) => ({ ...exchange.answer(), body: '' }),
  oversized: (exchange) => padded(exchange.answer()),
  'wrong-type': (exchange) => wrongType(exchange.answer()),
  strings: (exchange) =>
    mapJson(exchange.answer(), (value) => (typeof value === 'number' ? String(value) : value)),
  nulls: (exchange) => mapJson(exchange.answer(), (value) => (typeof value === 'number' ? null : value)),
  missing: (exchange) => mapRows(exchange.answer(), (rows) => rows.slice(1)),
  duplicated: (exchange) => mapRows(exchange.answer(), (rows) => [...rows, ...rows.slice(0, 1)]),
  reordered: (exchange) => mapRows(exchange.answer(), (rows) => rows.toReversed()),
};

export function distorted(name: FaultName, exchange: Exchange, nth: number, now: number): WireAnswer {
  return DISTORTIONS[name]?.(exchange, nth, now) ?? exchange.answer();
}

/** In turn: JSON cut in half, a web page, noise. The web itself answers with bytes that are no HTTP. */
function garbage(exchange: Exchange, nth: number): WireAnswer {
  if (exchange.provider === 'page') return { ...exchange.answer(), breaks: 'garbage' };
  const answer = exchange.answer();
  if (nth % 3 === 0) return half(answer);
  if (nth % 3 === 1) return { ...page(200, 'Welcome'), status: 200 };
  const noise = Array.from({ length: 64 }, (_, index) => hash32(`${nth}|${index}`) % 256);
  return { ...answer, status: 200, body: Buffer.from(noise) };
}

function half(answer: WireAnswer): WireAnswer {
  const body = Buffer.from(answer.body);
  return { ...answer, body: body.subarray(0, Math.ceil(body.length / 2)) };
}

function padded(answer: WireAnswer): WireAnswer {
  return { ...answer, body: Buffer.concat([Buffer.from(answer.body), Buffer.alloc(OVERSIZED, ' ')]) };
}

/** JSON with every value of another type; a page as an image. */
function wrongType(answer: WireAnswer): WireAnswer {
  if (!isJson(answer)) {
    return { ...answer, headers: { ...answer.headers, 'content-type': 'image/png' }, body: 'not an image' };
  }
  const value: unknown = JSON.parse(answer.body as string);
  const empty = value !== null && typeof value === 'object' && Object.keys(value).length === 0;
  return { ...answer, body: JSON.stringify(empty ? [] : swapped(value)) };
}

function swapped(value: unknown): unknown {
  if (Array.isArray(value)) return { rows: value.length };
  if (value === null) return 0;
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, swapped(inner)]));
  if (typeof value === 'number') return { value };
  return typeof value === 'string' ? [value] : 'yes';
}

function isJson(answer: WireAnswer): boolean {
  return typeof answer.body === 'string' && String(answer.headers['content-type']).includes('json');
}

function mapJson(answer: WireAnswer, map: (value: unknown) => unknown): WireAnswer {
  if (!isJson(answer)) return answer;
  const body: unknown = JSON.parse(answer.body as string, (_, value: unknown) => map(value));
  return { ...answer, body: JSON.stringify(body) };
}

function mapRows(answer: WireAnswer, map: (rows: unknown[]) => unknown[]): WireAnswer {
  if (!isJson(answer)) return answer;
  const body: unknown = JSON.parse(answer.body as string, (name, value: unknown) =>
    ROWS.has(name) && Array.isArray(value) ? map(value) : value,
  );
  return { ...answer, body: JSON.stringify(body) };
}
