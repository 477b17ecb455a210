import fc from 'fast-check';
import {
  asked,
  broken,
  CONTEXT,
  findingsOf,
  recorded,
  recordedText,
  reply,
} from '../spec-support/replies.js';
import { moz } from './moz.js';
import { SITE_METRICS } from './site-metrics.js';

const BLOG = 'https://moz.com/blog';
const QUESTIONS = [...asked('moz.url', BLOG), ...asked('moz.domain', 'moz.com')];
const ENVELOPE = recorded(import.meta.url, 'sites.json');
const SITE = ENVELOPE.result.results_by_site[0];
const { page: _p, subdomain: _s, root_domain: _r, last_crawled, ...NUMBERS } = SITE.site_metrics;
const MEASURED = { outcome: 'ok', numbers: NUMBERS, asOf: last_crawled };

const site = (query: string, scope: string, metrics: unknown = SITE.site_metrics) => ({
  site_query: { query, scope, original_site_query: { query, scope }, site_query_suggestion: null },
  site_metrics: metrics,
});
const answer = (results_by_site: unknown, errors_by_site: unknown = []) =>
  reply({ ...ENVELOPE, result: { results_by_site, errors_by_site } });
const ask = (results: unknown, errors?: unknown, questions = QUESTIONS) =>
  findingsOf(moz, questions, [answer(results, errors)]);

test('sends the recorded request: both scopes in one call, the token in a header', () => {
  const [request, ...more] = moz.request(QUESTIONS, CONTEXT);
  expect(more).toEqual([]);
  expect(request).toMatchObject({
    url: 'https://api.moz.com/jsonrpc',
    headers: { 'x-moz-token': 'secret-key-1' },
  });
  expect(JSON.parse(request?.body ?? '')).toEqual(recorded(import.meta.url, 'request.json'));
});

test('an id is never too short for Moz', () => {
  const [request] = moz.request(QUESTIONS, { ...CONTEXT, requestId: 'short' });
  expect(JSON.parse(request?.body ?? '').id).toHaveLength(24);
});

test('the recorded row, whose original query lost its scheme; the other question has no row', () => {
  expect(findingsOf(moz, QUESTIONS, [reply(recordedText(import.meta.url, 'sites.json'))])).toEqual([
    MEASURED,
    undefined,
  ]);
});

test('rows are told apart by query and scope, in any order, twice, and with strangers between', () => {
  const domainRow = site('moz.com', 'domain', { domain_authority: 91 });
  const rows = [
    domainRow,
    site('https://stranger.example/', 'url'),
    null,
    site(BLOG, 'url'),
    site(BLOG, 'url'),
  ];
  expect(ask(rows)).toEqual([MEASURED, { outcome: 'ok', numbers: { domain_authority: 91 } }]);
});

test('http and https of one address are two questions', () => {
  const questions = asked('moz.url', 'http://a.example/', 'https://a.example/');
  const rows = [
    site('https://a.example/', 'url', { page_authority: 2 }),
    site('http://a.example/', 'url', { page_authority: 1 }),
  ];
  expect(ask(rows, [], questions)).toMatchObject([
    { numbers: { page_authority: 1 } },
    { numbers: { page_authority: 2 } },
  ]);
  const ambiguous = [
    { site_query: { original_site_query: { query: 'a.example', scope: 'url' } }, site_metrics: {} },
  ];
  expect(ask(ambiguous, [], questions)).toEqual([undefined, undefined]);
});

test('two rows that contradict each other are worth nothing', () => {
  const rows = [site(BLOG, 'url'), site(BLOG, 'url', { page_authority: 1 })];
  expect(ask(rows)[0]).toMatchObject({ outcome: 'failed', class: 'malformed' });
});

test('-1 and missing are no spam score, 0 is one; a page never crawled has no status', () => {
  const metrics = { ...SITE.site_metrics, spam_score: -1, http_code: 0, title: '', last_crawled: null };
  const [finding] = ask([site(BLOG, 'url', metrics)]);
  const { spam_score: _1, http_code: _2, title: _3, ...rest } = NUMBERS;
  expect(finding).toEqual({ outcome: 'ok', numbers: rest });
  expect(ask([site(BLOG, 'url', { spam_score: 0 })])[0]).toMatchObject({ numbers: { spam_score: 0 } });
});

test.each([null, {}, { spam_score: -1 }])('metrics %j are absent', (metrics) => {
  expect(ask([site(BLOG, 'url', metrics)])[0]).toMatchObject({ outcome: 'absent' });
});

test.each([
  [{ page_authority: '70' }],
  [{ page_authority: 101 }],
  [{ spam_score: -2 }],
  [{ pages_to_page: -1 }],
  [{ pages_to_page: 1.5 }],
  [{ pages_to_page: 2 ** 53 }],
  [{ link_propensity: [] }],
  [{ title: 3 }],
])('a row with %j is malformed, the one beside it is not', (changes) => {
  const rows = [site(BLOG, 'url', { ...SITE.site_metrics, ...changes }), site('moz.com', 'domain')];
  expect(ask(rows)).toMatchObject([{ outcome: 'failed', class: 'malformed' }, { outcome: 'ok' }]);
});

test('a refused site fails alone', () => {
  const errors = [
    { site_query: site('moz.com', 'domain').site_query, errors: [{ code: -32652, message: 'no such site' }] },
  ];
  expect(ask([site(BLOG, 'url')], errors)).toMatchObject([
    { outcome: 'ok' },
    { outcome: 'failed', class: 'bad_request', message: 'refused: no such site' },
  ]);
});

test('an address as a domain is not sent', () => {
  const questions = asked('moz.domain', '192.0.2.7');
  expect(moz.request(questions, CONTEXT)).toEqual([]);
  expect(findingsOf(moz, questions, [])).toEqual([{ outcome: 'skipped', reason: 'unsupported' }]);
});

const rpcError = (error: object, status: number) =>
  reply({ jsonrpc: '2.0', id: CONTEXT.requestId, error }, { status });

test.each([
  [
    'the recorded error',
    reply(recordedText(import.meta.url, 'param-missing.json'), { status: 400 }),
    'bad_request',
  ],
  ['the recorded error with 200', reply(recordedText(import.meta.url, 'param-missing.json')), 'bad_request'],
  ['a bad token', rpcError({ code: -32651, status: 401, message: 'unauthorised' }, 401), 'auth'],
  ['a bad envelope', rpcError({ code: -32600, httpStatus: 400, message: 'bad' }, 400), 'bad_request'],
  ['too many', rpcError({ code: -1, status: 429, message: 'slow down' }, 429), 'rate_limited'],
  ['a used-up plan', rpcError({ code: -1, status: 403, message: 'Your quota is exceeded' }, 403), 'quota'],
  [
    'used-up rows',
    rpcError({ code: -9, status: 429, message: 'The allotted rows are used up' }, 429),
    'quota',
  ],
  [
    'a limit by its issue',
    rpcError({ code: -9, status: 429, message: 'no', data: { issue: 'quota-exceeded' } }, 429),
    'quota',
  ],
  ['their fault', rpcError({ code: -32603, status: 500, message: 'oops' }, 500), 'server'],
  ['HTML', reply('<html>', { status: 502 }), 'server'],
  ['HTML with 200', reply('<html>'), 'server'],
  ['another call', reply({ ...ENVELOPE, id: 'f'.repeat(36) }), 'malformed'],
  ['no id', reply({ ...ENVELOPE, id: undefined }), 'malformed'],
  ['no result', reply({ ...ENVELOPE, result: null }), 'malformed'],
  ['rows that are no list', answer({}), 'malformed'],
  ['cut JSON', reply('{"result":'), 'malformed'],
  ['a reset', broken('reset'), 'network'],
])('%s fails all', (_name, got, cls) => {
  const failed = { outcome: 'failed', class: cls };
  expect(findingsOf(moz, QUESTIONS, [got])).toMatchObject([failed, failed]);
});

test('a token that an error repeats is not passed on', () => {
  const got = rpcError({ code: -32651, status: 401, message: `token ${CONTEXT.key} is unknown` }, 401);
  expect(JSON.stringify(findingsOf(moz, QUESTIONS, [got]))).not.toContain(CONTEXT.key);
});

test('the breaker minds 4xx, since Moz does; each row has its price', () => {
  expect(moz.breaker.countsBadRequest).toBe(true);
  expect(moz.price?.perUnitMicroUsd).toBe(5_000);
});

test('whatever the metrics lack, the numbers lack; what they have arrives unchanged', () => {
  const counts = SITE_METRICS.filter(({ type }) => type === 'integer').map(({ id }) => id);
  const inRange = (id: string) =>
    id === 'http_code' ? fc.integer({ min: 100, max: 599 }) : fc.integer({ min: 0, max: 100 });
  const metrics = fc.record(Object.fromEntries(counts.map((id) => [id, inRange(id)])), { requiredKeys: [] });
  fc.assert(
    fc.property(metrics, (some) => {
      const [finding] = ask([site(BLOG, 'url', { ...some, page_to_nowhere: 1 })]);
      if (Object.keys(some).length === 0) expect(finding).toMatchObject({ outcome: 'absent' });
      else expect(finding).toEqual({ outcome: 'ok', numbers: some });
    }),
  );
});
