import { asked, broken, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { dns } from './dns.js';

const TYPES = { A: 1, AAAA: 28, MX: 15, NS: 2, TXT: 16 } as const;
type Type = keyof typeof TYPES;
const NAMES = Object.keys(TYPES) as Type[];
const QUESTIONS = asked('dns', 'example.com');

/** The recorded answer as one for `type`; without records unless some are given. */
function lookup(type: Type, changes: object = {}) {
  const { Answer: _, ...rest } = recorded(import.meta.url, 'address.json');
  return { ...rest, Question: [{ name: 'example.com.', type: TYPES[type] }], ...changes };
}

const record = (type: number, data: string, TTL = 300) => ({ name: 'example.com.', type, TTL, data });

function ask(changes: Partial<Record<Type, object>>) {
  const replies = NAMES.map((type) => reply(lookup(type, changes[type])));
  return findingsOf(dns, QUESTIONS, replies)[0];
}

test('sends five look-ups for a host', () => {
  const requests = dns.request(asked('dns', 'bücher.example'), CONTEXT);
  expect(requests.map(({ url }) => url)).toEqual(
    NAMES.map((type) => `https://dns.google/resolve?name=b%C3%BCcher.example&type=${type}`),
  );
  expect(requests[0]?.headers).toMatchObject({
    accept: 'application/dns-json',
    'user-agent': CONTEXT.userAgent,
  });
});

test('counts the recorded address; types without records are a measured 0', () => {
  const answer = recorded(import.meta.url, 'address.json');
  const replies = NAMES.map((type) => reply(type === 'A' ? answer : lookup(type)));
  expect(findingsOf(dns, QUESTIONS, replies)[0]).toEqual({
    outcome: 'ok',
    numbers: {
      a_count: 1,
      aaaa_count: 0,
      mx_count: 0,
      ns_count: 0,
      txt_count: 0,
      min_ttl_s: 300,
      dnssec: false,
    },
    ttlMs: 300_000,
  });
});

test('keeps only the asked type, passes over CNAMEs and the null MX', () => {
  const finding = ask({
    A: {
      Answer: [record(5, 'x.example.', 60), record(1, '192.0.2.1', 7200), record(1, '192.0.2.2', 3600)],
      AD: true,
    },
    MX: { Answer: [record(15, '0 .')] },
    TXT: { Answer: [record(16, '"v=spf1 -all"', 90_000)] },
  });
  expect(finding).toMatchObject({
    numbers: { a_count: 2, mx_count: 0, txt_count: 1, min_ttl_s: 3600, dnssec: true },
    ttlMs: 3_600_000,
  });
});

test('freshness lies between five minutes and a day', () => {
  expect(ask({ A: { Answer: [record(1, '192.0.2.1', 1)] } })).toMatchObject({
    ttlMs: 300_000,
    numbers: { min_ttl_s: 1 },
  });
  expect(ask({ A: { Answer: [record(1, '192.0.2.1', 999_999)] } })).toMatchObject({ ttlMs: 86_400_000 });
});

test('no records at all: zeros, no shortest lifetime, fresh for as long as the zone says', () => {
  const Authority = [record(6, 'ns. root. 1 2 3 4 5', 900)];
  const finding = ask(Object.fromEntries(NAMES.map((type) => [type, { Authority }])));
  expect(finding).toMatchObject({ outcome: 'ok', ttlMs: 900_000, numbers: { a_count: 0 } });
  expect(finding).not.toHaveProperty('numbers.min_ttl_s');
});

test('NXDOMAIN is absent', () => {
  expect(ask(Object.fromEntries(NAMES.map((type) => [type, { Status: 3 }])))).toMatchObject({
    outcome: 'absent',
  });
});

test('a name that exists keeps its counts; the type its server denies is left out', () => {
  const finding = ask({ A: { Answer: [record(1, '192.0.2.1')] }, AAAA: { Status: 3 } });
  expect(finding).toMatchObject({ outcome: 'ok', numbers: { a_count: 1, mx_count: 0 } });
  expect(finding).not.toHaveProperty('numbers.aaaa_count');
});

test.each([
  ['SERVFAIL', { Status: 2 }, 'server'],
  ['REFUSED', { Status: 5 }, 'server'],
  ['a status in words', { Status: 'NOERROR' }, 'malformed'],
  ['no status', { Status: undefined }, 'malformed'],
  ['a cut answer', { TC: true }, 'malformed'],
  ['no AD', { AD: undefined }, 'malformed'],
  ['answers that are no list', { Answer: {} }, 'malformed'],
  ['a record that is null', { Answer: [null] }, 'malformed'],
  ['a lifetime in words', { Answer: [{ ...record(16, 'x'), TTL: '300' }] }, 'malformed'],
  ['another name', { Question: [{ name: 'example.org.', type: 16 }] }, 'malformed'],
  ['another type', { Question: [{ name: 'example.com.', type: 1 }] }, 'malformed'],
  ['no question', { Question: undefined }, 'malformed'],
])('%s in one look-up spoils the answer', (_name, change, cls) => {
  expect(ask({ A: { Answer: [record(1, '192.0.2.1')] }, TXT: change })).toMatchObject({
    outcome: 'failed',
    class: cls,
  });
});

test.each([
  [
    reply('', { status: 429, headers: { 'retry-after': '3' } }),
    { class: 'rate_limited', retryAfterMs: 3000 },
  ],
  [reply('', { status: 400 }), { class: 'bad_request' }],
  [reply('', { status: 403 }), { class: 'server' }],
  [reply('<html>', { status: 200 }), { class: 'server' }],
  [broken('timeout'), { class: 'timeout' }],
])('reply %# fails the host', (bad, expected) => {
  const replies = NAMES.map((type) => (type === 'NS' ? bad : reply(lookup(type))));
  expect(findingsOf(dns, QUESTIONS, replies)[0]).toMatchObject({ outcome: 'failed', ...expected });
});

test('a reply that is missing is malformed', () => {
  expect(findingsOf(dns, QUESTIONS, [])[0]).toMatchObject({ class: 'malformed' });
});

test('an address takes no look-up, and leaves the replies to the host beside it', () => {
  const questions = asked('dns', '192.0.2.7', 'example.com', '[2001:db8::1]');
  expect(dns.request(questions, CONTEXT)).toHaveLength(5);
  const findings = findingsOf(
    dns,
    questions,
    NAMES.map((type) => reply(lookup(type))),
  );
  const skipped = { outcome: 'skipped', reason: 'unsupported' };
  expect(findings).toEqual([skipped, expect.objectContaining({ outcome: 'ok' }), skipped]);
});
