/**
 * Files of a new provider by their path below libs/providers/src. They compile and pass the conformance kit as they are;
 * `FILL IN` marks what must be taken from the provider's documentation.
 */
export function templateFiles(id: string, name: string): Record<string, string> {
  const fill = (text: string) =>
    text.replaceAll('__ID__', id).replaceAll('__NAME__', name).replaceAll('__ENV__', envOf(id));
  return {
    [`${id}/${id}.ts`]: fill(DEFINITION),
    [`${id}/${id}-metrics.ts`]: fill(METRICS),
    [`${id}/parse-${id}.ts`]: fill(PARSE),
    [`${id}/examples.ts`]: fill(EXAMPLES),
    [`${id}/${id}.spec.ts`]: fill(SPEC),
    [`${id}/recorded/answer.json`]: RECORDED,
    [`${id}/recorded/unknown.json`]: UNKNOWN,
  };
}

function envOf(id: string): string {
  return `${id.replaceAll('-', '_').toUpperCase()}_KEY`;
}

const DEFINITION = `import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { isIpAddress } from '../registrable-domain.js';
import { METRICS } from './__ID__-metrics.js';
import { parseAnswer } from './parse-__ID__.js';

// FILL IN: address of the call, without anything of the question in it.
const API = 'https://api.__ID__.example/v1/domain';
const DAY_MS = 86_400_000;

/** FILL IN: what it tells, in one sentence, and what a person should know of its limits. */
export const __NAME__ = defineProvider({
  id: '__ID__',
  title: '__ID__',
  // FILL IN: where the contract stands, and the day you compared this with it.
  docs: 'https://__ID__.example/docs',
  checked: '2026-01-01',
  version: 1,
  // FILL IN: how the key travels, or { kind: 'none' }.
  auth: { kind: 'key', form: 'header', env: '__ENV__', signUp: 'https://__ID__.example/sign-up' },
  // FILL IN: what it is asked about, in which round; several surfaces are several asks.
  asks: [
    {
      id: '__ID__',
      surface: '__ID__',
      round: 2,
      unit: 'domain',
      needs: { fact: 'finalDomain', from: 'page', need: 'preferred' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  // FILL IN: the published limits; say so where one is assumed.
  limits: [{ permits: 1, perMs: 1_000, of: 'calls' }],
  concurrency: 4,
  limitKey: () => '__ID__',
  timeoutMs: 10_000,
  retries: 2,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: 7 * DAY_MS, absent: DAY_MS },
  metrics: METRICS,
  // FILL IN: a unit that it knows for sure.
  canary: { surface: '__ID__', unit: 'wikipedia.org' },
  request,
  parse: parseAnswer,
});

/** Nothing is sent for an address: it is no domain. */
function request([question]: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  if (!question || isIpAddress(question.unit)) return [];
  const headers = { 'x-api-key': key, accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'GET', url: \`\${API}?name=\${encodeURIComponent(question.unit)}\`, headers }];
}
`;

const METRICS = `import { count, score } from '../metric.js';

// FILL IN: every number with its unit, its range and a line of meaning.
export const METRICS = [
  score('rating', 'How strong it is, 0 to 100', [0, 100]),
  count('links', 'links', 'Links to it'),
];
`;

const PARSE = `import { failed, forAll } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { readAnswer } from '../read-answer.js';
import type { JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { METRICS } from './__ID__-metrics.js';

export function parseAnswer(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  { now }: AskContext,
): Findings {
  if (!reply) return forAll(questions, { outcome: 'skipped', reason: 'unsupported' });
  const read = readAnswer(reply, now, true);
  return forAll(questions, 'failure' in read ? read.failure : finding(read.value));
}

/** FILL IN: how it says that it has nothing, and how it says no with status 200, before any number is read. */
function finding(body: JsonObject): Finding {
  if (body['found'] === false) return { outcome: 'absent', reason: 'not known' };
  if (body['found'] !== true) return failed('malformed', 'found is not a boolean');
  const read = readNumbers({ rating: body['rating'], links: body['links'] }, METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (Object.keys(read.numbers).length === 0) return failed('malformed', 'found, but without a number');
  return { outcome: 'ok', numbers: read.numbers };
}
`;

const EXAMPLES = `import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: '__ID__', unit: 'example.com' }];

// FILL IN: recorded answers (npm run record -- __ID__ example.com) and the provider's own ways of saying no.
export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'answer.json' }],
    findings: [{ outcome: 'ok', numbers: { rating: 34.5, links: 1830 } }],
  },
  absent: { questions, replies: [{ file: 'unknown.json' }], findings: [{ outcome: 'absent' }] },
  zero: {
    questions,
    replies: [{ body: { found: true, rating: 0, links: 0 } }],
    findings: [{ outcome: 'ok', numbers: { rating: 0, links: 0 } }],
  },
  refusals: [
    {
      name: 'a key that is not known',
      reply: { status: 401, body: { message: 'unknown key' } },
      finding: { outcome: 'failed', class: 'auth' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
};
`;

const SPEC = `import { asked, CONTEXT, findingsOf, reply } from '../spec-support/replies.js';
import { __NAME__ } from './__ID__.js';

const QUESTIONS = asked('__ID__', 'example.com');
const of = (body: object) => findingsOf(__NAME__, QUESTIONS, [reply(body)])[0];

test('asks about one domain, the key in a header', () => {
  expect(__NAME__.request(QUESTIONS, CONTEXT)).toMatchObject([
    { url: expect.stringContaining('name=example.com') as string, headers: { 'x-api-key': CONTEXT.key } },
  ]);
});

test('what it leaves out is left out, never 0', () => {
  expect(of({ found: true, rating: 3 })).toEqual({ outcome: 'ok', numbers: { rating: 3 } });
});
`;

const RECORDED = '{ "found": true, "domain": "example.com", "rating": 34.5, "links": 1830 }\n';
const UNKNOWN = '{ "found": false, "domain": "example.com" }\n';
