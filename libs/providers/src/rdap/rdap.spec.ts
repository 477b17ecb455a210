import { questionKey, type ProviderReply, type ProviderRequest } from '../provider.js';
import { asked, broken, CONTEXT, play, recorded, recordedText, reply } from '../spec-support/replies.js';
import { rdap } from './rdap.js';

const QUESTIONS = asked('rdap', 'example.com');
const BOOTSTRAP = reply(recordedText(import.meta.url, 'bootstrap.json'));
const DAY_MS = 86_400_000;

/** Registration of example.com, with `changes`; a value of undefined takes a field away. */
const domain = (changes: object = {}) => ({ ...recorded(import.meta.url, 'domain.json'), ...changes });

function ask(
  server: (request: ProviderRequest) => ProviderReply,
  unit = 'example.com',
  bootstrap = BOOTSTRAP,
) {
  const questions = asked('rdap', unit);
  const answer = (request: ProviderRequest, at: number) => (at === 0 ? bootstrap : server(request));
  const { findings, requests } = play(rdap, questions, answer);
  return { finding: findings.get(questionKey(questions[0]!)), requests };
}

const findingOf = (body: object) => ask(() => reply(body)).finding;

test('asks the bootstrap file, shared for a day, then the server of the suffix by its own limit key', () => {
  const { requests } = ask(() => reply(domain()));
  expect(requests).toMatchObject([
    { url: 'https://data.iana.org/rdap/dns.json', sharedForMs: DAY_MS, limitKey: 'data.iana.org' },
    { url: 'https://rdap.verisign.com/com/v1/domain/example.com', limitKey: 'rdap.verisign.com' },
  ]);
  expect(requests[1]?.headers).toMatchObject({ accept: 'application/rdap+json, application/json;q=0.8' });
  expect(rdap.limitKey(QUESTIONS[0]!)).toBe('com');
});

test('reads the recorded registration', () => {
  expect(findingOf(domain())).toEqual({
    outcome: 'ok',
    numbers: {
      age_days: Math.floor((CONTEXT.now - Date.UTC(1995, 7, 14, 4)) / DAY_MS),
      registered_at: '1995-08-14T04:00:00.000Z',
      days_to_expiry: Math.floor((Date.UTC(2030, 7, 13, 4) - CONTEXT.now) / DAY_MS),
      expires_at: '2030-08-13T04:00:00.000Z',
      days_since_change: Math.floor((CONTEXT.now - Date.UTC(2024, 7, 14, 4)) / DAY_MS),
      changed_at: '2024-08-14T04:00:00.000Z',
      status_count: 1,
      nameserver_count: 1,
      dnssec: true,
    },
    ttlMs: 30 * DAY_MS,
  });
});

test('what the registry leaves out is left out; an empty list is a measured 0', () => {
  const finding = findingOf(domain({ events: undefined, status: null, nameservers: [], secureDNS: {} }));
  expect(finding).toMatchObject({ outcome: 'ok', numbers: { nameserver_count: 0 } });
  expect(Object.keys((finding as { numbers: object }).numbers)).toEqual(['nameserver_count']);
});

test('a registration about which nothing is published is absent', () => {
  expect(findingOf({ objectClassName: 'domain' })).toMatchObject({ outcome: 'absent' });
});

const event = (eventAction: unknown, eventDate: unknown) => ({ eventAction, eventDate });

test('the first registration and the last of the others count; other events may be odd', () => {
  const events = [
    event('registration', '2010-01-01'),
    event('Registration', '2001-01-01T00:00:00'),
    event('last changed', '2020-01-01'),
    event('last changed', '2022-01-01'),
    event('last update of RDAP database', 'just now'),
  ];
  expect(findingOf(domain({ events }))).toMatchObject({
    numbers: { registered_at: '2001-01-01T00:00:00.000Z', changed_at: '2022-01-01T00:00:00.000Z' },
  });
});

test.each(['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z'])('%s is no date', (zero) => {
  const finding = findingOf(domain({ events: [event('registration', zero)] }));
  expect(finding).toMatchObject({ outcome: 'ok', numbers: { status_count: 1 } });
  expect(finding).not.toHaveProperty('numbers.age_days');
});

test('an expired registration counts below zero and is asked again in a day', () => {
  const events = [event('expiration', '2026-11-22T12:00:00Z')];
  expect(findingOf(domain({ events }))).toMatchObject({ numbers: { days_to_expiry: -2 }, ttlMs: DAY_MS });
});

test('an answer is not fresh beyond the end of the registration', () => {
  const events = [event('expiration', '2026-12-01T12:00:00Z')];
  expect(findingOf(domain({ events }))).toMatchObject({ numbers: { days_to_expiry: 7 }, ttlMs: 7 * DAY_MS });
});

test('a registration of this very day is 0 days old, also where the registry is an hour ahead', () => {
  const events = [event('registration', '2026-11-24T13:00:00Z')];
  expect(findingOf(domain({ events }))).toMatchObject({ numbers: { age_days: 0 } });
});

test.each([
  [{ objectClassName: 'error' }],
  [{ ldhName: 'example.org' }],
  [{ events: {} }],
  [{ events: [null] }],
  [{ events: [event(1, '2001-01-01')] }],
  [{ events: [event('registration', 'long ago')] }],
  [{ events: [event('registration', 883_612_800)] }],
  [{ events: [event('registration', '2031-01-01')] }],
  [{ status: 'active' }],
  [{ nameservers: { a: 1 } }],
  [{ secureDNS: true }],
  [{ secureDNS: { delegationSigned: 'true' } }],
])('%j is malformed', (changes) => {
  expect(findingOf(domain(changes))).toMatchObject({ outcome: 'failed', class: 'malformed' });
});

test.each([
  [reply('{"errorCode":404}', { status: 404 }), { outcome: 'absent' }],
  [reply('', { status: 404 }), { outcome: 'absent' }],
  [reply('<html>', { status: 404 }), { outcome: 'failed', class: 'server' }],
  [
    reply('', { status: 429, headers: { 'retry-after': '60' } }),
    { class: 'rate_limited', retryAfterMs: 60_000 },
  ],
  [reply('', { status: 403 }), { class: 'server' }],
  [reply('', { status: 501 }), { class: 'server' }],
  [reply('', { status: 400 }), { class: 'bad_request' }],
  [reply('<html>'), { class: 'server' }],
  [reply('{"objectClassName":'), { class: 'malformed' }],
  [broken('tls'), { class: 'network' }],
])('server reply %#', (got, expected) => {
  expect(ask(() => got).finding).toMatchObject(expected);
});

test('no server is known for the suffix: unsupported, after the bootstrap file only', () => {
  const { finding, requests } = ask(() => reply(domain()), 'example.de');
  expect(finding).toEqual({ outcome: 'skipped', reason: 'unsupported' });
  expect(requests).toHaveLength(1);
});

test.each(['192.0.2.7', 'localhost', 'someone.github.io'])('%s is asked of nobody', (unit) => {
  const { finding, requests } = ask(() => reply(domain()), unit);
  expect(finding).toEqual({ outcome: 'skipped', reason: 'unsupported' });
  expect(requests).toHaveLength(0);
});

test.each([
  [broken('refused'), 'network'],
  [reply('', { status: 404 }), 'server'],
  [reply('{"services":[]}'), 'malformed'],
  [reply('nonsense'), 'malformed'],
])('bootstrap reply %# fails the question', (bootstrap, cls) => {
  expect(ask(() => reply(domain()), 'example.com', bootstrap).finding).toMatchObject({ class: cls });
});

test('follows a redirect to another server as foreign, by its own limit key', () => {
  const moved = reply('', {
    status: 302,
    headers: { location: 'https://mirror.example/domain/example.com' },
  });
  const { finding, requests } = ask(({ url }) => (url.includes('verisign') ? moved : reply(domain())));
  expect(requests[2]).toMatchObject({ foreign: true, limitKey: 'mirror.example' });
  expect(finding).toMatchObject({ outcome: 'ok' });
});

test('gives up after three redirects', () => {
  const { finding, requests } = ask(() => reply('', { status: 302, headers: { location: '/again' } }));
  expect(requests).toHaveLength(5);
  expect(finding).toMatchObject({ class: 'server', message: 'too many redirects' });
});

test('the longest suffix and https win in the bootstrap file', () => {
  const services = [
    [['uk'], ['https://uk.example/']],
    [['co.uk'], ['http://plain.example/rdap', 'https://co.example/rdap']],
    ['broken'],
    [[1], [2]],
  ];
  const { requests } = ask(() => reply(domain()), 'example.co.uk', reply({ services }));
  expect(requests[1]?.url).toBe('https://co.example/rdap/domain/example.co.uk');
});
