import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { virustotal } from './virustotal.js';

const URLS = asked('virustotal.url', 'http://www.google.com/');
const DOMAIN = asked('virustotal.domain', 'wikipedia.org');
const GOOD = recorded(import.meta.url, 'url.json');
const ask = (changes: object, questions = URLS) => {
  const attributes = { ...GOOD.data.attributes, ...changes };
  return findingsOf(virustotal, questions, [reply({ data: { ...GOOD.data, attributes } })])[0];
};
const error = (code: string, message = '', parts = {}) =>
  findingsOf(virustotal, URLS, [reply({ error: { code, message } }, { status: 429, ...parts })])[0];

test('a URL goes by base64url without padding, a domain by its name', () => {
  expect(virustotal.request(URLS, CONTEXT)).toMatchObject([
    {
      url: 'https://www.virustotal.com/api/v3/urls/aHR0cDovL3d3dy5nb29nbGUuY29tLw',
      headers: { 'x-apikey': CONTEXT.key },
    },
  ]);
  expect(virustotal.request(DOMAIN, CONTEXT)).toMatchObject([
    { url: 'https://www.virustotal.com/api/v3/domains/wikipedia.org' },
  ]);
});

test('an address is no domain', () => {
  const questions = asked('virustotal.domain', '192.0.2.7');
  expect(virustotal.request(questions, CONTEXT)).toEqual([]);
  expect(findingsOf(virustotal, questions, [])).toEqual([{ outcome: 'skipped', reason: 'unsupported' }]);
});

test('a domain has no numbers of a URL', () => {
  const finding = ask({}, DOMAIN);
  expect(finding).toMatchObject({ outcome: 'ok', numbers: { harmless: 73 } });
  expect(finding).not.toHaveProperty('numbers.times_submitted');
});

test('known but never looked at is absent: its zeros are no measurement', () => {
  const stats = { harmless: 0, malicious: 0, suspicious: 0, timeout: 0, undetected: 0 };
  expect(ask({ last_analysis_stats: stats })).toMatchObject({ outcome: 'absent' });
  expect(ask({ last_analysis_stats: undefined })).toMatchObject({ outcome: 'absent' });
});

test('a reputation may be negative; a visit without reply has no status', () => {
  const finding = ask({ reputation: -12, last_http_response_code: 0 });
  expect(finding).toMatchObject({ numbers: { reputation: -12 } });
  expect(finding).not.toHaveProperty('numbers.http_status');
});

test.each([[{ last_analysis_date: 'x' }], [{ last_analysis_stats: [] }], [{ reputation: '0' }]])(
  '%j is malformed',
  (changes) => expect(ask(changes)).toMatchObject({ outcome: 'failed', class: 'malformed' }),
);

test('a spent quota lasts until midnight, that of a minute a minute', () => {
  expect(error('QuotaExceededError')).toMatchObject({ class: 'quota', retryAfterMs: 43_200_000 });
  expect(error('QuotaExceededError', 'minutely quota')).toMatchObject({
    class: 'rate_limited',
    retryAfterMs: 60_000,
  });
  expect(error('DeadlineExceededError', '', { status: 504 })).toMatchObject({ class: 'timeout' });
  expect(error('NewError', '', { status: 500 })).toMatchObject({ class: 'server' });
});
