import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { urlhaus } from './urlhaus.js';

const URL_QUESTION = asked('urlhaus.url', 'http://a.example/x?y=1&z=ä');
const HOST_QUESTION = asked('urlhaus.host', 'vektorex.com');
const LISTED = recorded(import.meta.url, 'url.json');
const ask = (changes: object, questions = URL_QUESTION) =>
  findingsOf(urlhaus, questions, [reply({ ...LISTED, ...changes })])[0];

test('a URL and a host are posted as forms, the key in a header', () => {
  const [url] = urlhaus.request(URL_QUESTION, CONTEXT);
  expect(url).toMatchObject({ method: 'POST', url: 'https://urlhaus-api.abuse.ch/v1/url/' });
  expect(new URLSearchParams(url?.body).get('url')).toBe(URL_QUESTION[0]!.unit);
  expect(url?.headers).toMatchObject({ 'auth-key': CONTEXT.key });
  const [host] = urlhaus.request(HOST_QUESTION, CONTEXT);
  expect(host).toMatchObject({ url: 'https://urlhaus-api.abuse.ch/v1/host/', body: 'host=vektorex.com' });
});

test('null, missing and unknown are left out', () => {
  const finding = ask({
    tags: null,
    payloads: undefined,
    url_status: 'unknown',
    threat: '',
    date_added: null,
  });
  expect(finding).toEqual({ outcome: 'ok', numbers: { listed: true, blacklist_count: 2 } });
});

test('lists that say "not listed" do not count', () => {
  const blacklists = { spamhaus_dbl: 'not listed', surbl: 'listed', other: null };
  expect(ask({ blacklists })).toMatchObject({ numbers: { blacklist_count: 1 } });
});

test.each([
  [{ tags: 'emotet' }],
  [{ date_added: 'yesterday' }],
  [{ blacklists: { surbl: 1 } }],
  [{ url_status: 7 }],
])('%j is malformed', (changes) =>
  expect(ask(changes)).toMatchObject({ outcome: 'failed', class: 'malformed' }),
);

test('a count that is no number is malformed, one beyond 2^31 is not', () => {
  const host = recorded(import.meta.url, 'host.json');
  const of = (url_count: unknown) => findingsOf(urlhaus, HOST_QUESTION, [reply({ ...host, url_count })])[0];
  expect(of('many')).toMatchObject({ outcome: 'failed', class: 'malformed' });
  expect(of('4294967296')).toMatchObject({ numbers: { url_count: 4_294_967_296 } });
  expect(of('')).toMatchObject({ outcome: 'ok', numbers: { listed: true } });
});

test.each([
  ['no_results', { outcome: 'absent' }],
  ['invalid_host', { outcome: 'failed', class: 'bad_request' }],
  ['something_new', { outcome: 'failed', class: 'server' }],
  [undefined, { outcome: 'failed', class: 'malformed' }],
])('query_status %s', (query_status, expected) => {
  expect(findingsOf(urlhaus, HOST_QUESTION, [reply({ query_status })])[0]).toMatchObject(expected);
});
