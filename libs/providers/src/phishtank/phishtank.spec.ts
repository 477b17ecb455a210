import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { phishtank } from './phishtank.js';

const QUESTIONS = asked('phishtank', 'http://a.example/?x=1&format=xml');
const PHISH = recorded(import.meta.url, 'phish.json');
const ask = (results: object) =>
  findingsOf(phishtank, QUESTIONS, [reply({ ...PHISH, results: { ...PHISH.results, ...results } })])[0];

test('a form with the URL encoded and the key', () => {
  const [request] = phishtank.request(QUESTIONS, CONTEXT);
  expect(request).toMatchObject({ method: 'POST', url: 'https://checkurl.phishtank.com/checkurl/' });
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    url: QUESTIONS[0]!.unit,
    format: 'json',
    app_key: CONTEXT.key,
  });
});

test.each([
  [
    { verified: false, verified_at: null },
    { in_database: true, verified: false, valid: true, phish: false },
  ],
  [
    { valid: false, verified_at: null },
    { in_database: true, verified: true, valid: false, phish: false },
  ],
  [
    { valid: null, verified_at: null },
    { in_database: true, verified: true },
  ],
])('%j: what is known of the report', (results, numbers) => {
  expect(ask(results)).toEqual({ outcome: 'ok', numbers });
});

test.each([[{ in_database: 'yes' }], [{ verified: 1 }], [{ verified_at: 'soon' }]])(
  '%j is malformed',
  (results) => {
    expect(ask(results)).toMatchObject({ outcome: 'failed', class: 'malformed' });
  },
);

test('not reported is absent; no results is malformed; too many tells how long', () => {
  expect(ask({ in_database: false })).toMatchObject({ outcome: 'absent' });
  const of = (body: object, parts = {}) => findingsOf(phishtank, QUESTIONS, [reply(body, parts)])[0];
  expect(of({ meta: { status: 'success' } })).toMatchObject({ class: 'malformed' });
  expect(of({}, { status: 509, headers: { 'x-request-limit-interval': '60' } })).toMatchObject({
    class: 'rate_limited',
    retryAfterMs: 60_000,
  });
});
