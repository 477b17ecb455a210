import { questionKey, type ProviderReply, type ProviderRequest } from '../provider.js';
import { asked, broken, CONTEXT, play, recordedText, reply } from '../spec-support/replies.js';
import { page } from './page.js';

const START = 'https://a.example/start';
const HTML = reply('<title>T</title><body>words here', { headers: { 'content-type': 'text/html' } });
const NO_ROBOTS = reply('', { status: 404 });
const to = (location: string, status = 302) => reply('', { status, headers: { location } });

/** Answers by address; robots.txt is missing unless given, any other address is the page. */
function visit(answers: Record<string, ProviderReply>, unit = START) {
  const answer = ({ url }: ProviderRequest) =>
    answers[url] ?? (url.endsWith('/robots.txt') ? NO_ROBOTS : HTML);
  const questions = asked('page', unit);
  const { findings, requests } = play(page, questions, answer);
  return {
    finding: findings.get(questionKey(questions[0]!)),
    requests,
    urls: requests.map(({ url }) => url),
  };
}

test('asks robots.txt, shared for a day, then the page; both as foreign addresses', () => {
  const { requests, finding } = visit({});
  expect(requests).toEqual([
    {
      method: 'GET',
      url: 'https://a.example/robots.txt',
      headers: { accept: 'text/plain,*/*;q=0.1', 'user-agent': CONTEXT.userAgent },
      capBytes: 512_000,
      foreign: true,
      sharedForMs: 86_400_000,
    },
    {
      method: 'GET',
      url: START,
      headers: { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.1', 'user-agent': CONTEXT.userAgent },
      capBytes: 2_097_152,
      foreign: true,
    },
  ]);
  expect(finding).toMatchObject({
    outcome: 'ok',
    numbers: { http_status: 200, redirect_count: 0, word_count: 2 },
  });
  expect(page.limitKey(asked('page', START)[0]!)).toBe('a.example');
});

test.each([301, 302, 303, 307, 308])(
  'follows a %i to another host: its robots.txt first, by its limit key',
  (status) => {
    const { requests, urls, finding } = visit({ [START]: to('https://www.b.example/x#frag', status) });
    expect(urls.slice(2)).toEqual(['https://www.b.example/robots.txt', 'https://www.b.example/x']);
    expect(requests.slice(2).map(({ limitKey }) => limitKey)).toEqual(['www.b.example', 'www.b.example']);
    expect(finding).toMatchObject({
      numbers: { redirect_count: 1, final_url: 'https://www.b.example/x', https: true },
      facts: { finalUrl: 'https://www.b.example/x', finalHost: 'www.b.example', finalDomain: 'b.example' },
    });
  },
);

test('a redirect within the host asks for robots.txt again: the answer is shared, not fetched', () => {
  expect(visit({ [START]: to('/next') }).urls.filter((url) => url.endsWith('/robots.txt'))).toHaveLength(2);
});

test('a redirect to UTF-8 bytes, and one with a name and password in it', () => {
  const utf8 = Buffer.from('/straße').toString('latin1');
  expect(visit({ [START]: to(utf8) }).urls).toContain('https://a.example/stra%C3%9Fe');
  expect(visit({ [START]: to('https://me:pw@a.example/in') }).urls).toContain('https://a.example/in');
});

describe('redirects that lead nowhere are facts about the page, without a final URL or content', () => {
  const steps = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [n ? `https://a.example/${n}` : START, to(`/${n + 1}`)]),
    );
  test('ten are followed', () => {
    expect(visit(steps(10)).finding).toMatchObject({ numbers: { http_status: 200, redirect_count: 10 } });
  });
  test.each([
    ['too_many_redirects', steps(11), 10],
    ['redirect_loop', { [START]: to('/b'), 'https://a.example/b': to('/start') }, 1],
    ['redirect_loop', { [START]: to('#again') }, 0],
    ['bad_redirect', { [START]: to('ftp://a.example/') }, 0],
    ['bad_redirect', { [START]: to('') }, 0],
    ['bad_redirect', { [START]: to('http://[::1') }, 0],
  ])('%s', (problem, answers, redirects) => {
    const { finding } = visit(answers);
    expect(finding).toMatchObject({
      outcome: 'ok',
      numbers: { http_status: 302, redirect_count: redirects, problem },
    });
    expect(finding).not.toHaveProperty('facts');
    expect(finding).not.toHaveProperty('numbers.word_count');
    expect(finding).not.toHaveProperty('numbers.final_url');
  });
});

test.each([
  [404, 'http_error', undefined],
  [410, 'http_error', undefined],
  [403, 'http_error', undefined],
  [304, 'http_error', undefined],
  [500, 'http_error', 600_000],
  [503, 'http_error', 600_000],
])("status %i is measured; numbers of its error page are not the page's", (status, problem, ttlMs) => {
  const { finding } = visit({
    [START]: reply('<h1>Sorry</h1>', { status, headers: { 'content-type': 'text/html' } }),
  });
  expect(finding).toMatchObject({
    outcome: 'ok',
    numbers: { http_status: status, problem },
    facts: { finalUrl: START },
  });
  expect(finding).not.toHaveProperty('numbers.h1_count');
  expect((finding as { ttlMs?: number }).ttlMs).toBe(ttlMs);
});

test.each([
  ['application/pdf', '%PDF', 'not_html'],
  ['image/svg+xml', '<svg>', 'not_html'],
  ['', 'plain words', 'not_html'],
  ['', ' \n<!doctype html>', undefined],
  ['APPLICATION/XHTML+XML; charset=utf-8', '<html>', undefined],
])('type %j with %j: problem %s', (type, body, problem) => {
  const { finding } = visit({ [START]: reply(body, { headers: { 'content-type': type } }) });
  expect((finding as { numbers: Record<string, unknown> }).numbers['problem']).toBe(problem);
  expect('h1_count' in (finding as { numbers: object }).numbers).toBe(problem === undefined);
});

test.each([
  [
    reply('', { status: 429, headers: { 'retry-after': '5' } }),
    { class: 'rate_limited', retryAfterMs: 5000 },
  ],
  [
    reply('', { status: 503, headers: { 'retry-after': '5' } }),
    { class: 'rate_limited', retryAfterMs: 5000 },
  ],
  [broken('dns'), { class: 'network', message: 'dns: as recorded' }],
  [broken('tls'), { class: 'network', message: 'tls: as recorded' }],
  [broken('blocked_address'), { class: 'network', message: 'blocked_address: as recorded' }],
  [broken('timeout'), { class: 'timeout', message: 'timeout: as recorded' }],
])('reply %# is failed', (got, expected) => {
  expect(visit({ [START]: got }).finding).toMatchObject({ outcome: 'failed', ...expected });
});

test('the Crawl-delay of a robots.txt goes with every call of that host, and of no other', () => {
  const { requests } = visit({
    'https://a.example/robots.txt': reply('User-agent: *\nCrawl-delay: 2'),
    [START]: to('/next'),
    'https://a.example/next': to('https://b.example/'),
    'https://b.example/robots.txt': reply('User-agent: *\nCrawl-delay: 300'),
    'https://b.example/': to('https://c.example/'),
  });
  expect(requests.map(({ url, spacingMs }) => [url, spacingMs])).toEqual([
    ['https://a.example/robots.txt', undefined],
    [START, 2_000],
    ['https://a.example/robots.txt', undefined],
    ['https://a.example/next', 2_000],
    ['https://b.example/robots.txt', undefined],
    ['https://b.example/', 60_000],
    ['https://c.example/robots.txt', undefined],
    ['https://c.example/', undefined],
  ]);
  expect(requests.at(-1)).not.toHaveProperty('spacingMs');
});
const FORBIDDEN = { outcome: 'skipped', reason: 'robots' };
const rules = reply(recordedText(import.meta.url, 'robots.txt'));

describe('robots.txt', () => {
  const ROBOTS = 'https://a.example/robots.txt';

  test.each([
    ['/private', false],
    ['/private/open/door', true],
    ['/manual.pdf', false],
    ['/manual.pdf?page=1', true],
    ['/everybody', true],
    ['/', true],
  ])('the recorded file on %s for our agent: %s', (path, allowed) => {
    const { finding, requests } = visit({ [ROBOTS]: rules }, `https://a.example${path}`);
    expect(finding).toMatchObject(allowed ? { outcome: 'ok' } : FORBIDDEN);
    expect(requests).toHaveLength(allowed ? 2 : 1);
  });

  test.each([
    ['', 'ok'],
    ['User-agent: *\nDisallow: /', 'skipped'],
    ['User-agent: *\nDisallow:', 'ok'],
    ['User-agent: *\nDisallow: /start\nAllow: /start', 'ok'],
    ['\ufeffuser-agent: * # all\r\ndisallow: /START', 'ok'],
    ['\ufeffuser-agent: * # all\r\ndisallow: /s', 'skipped'],
    ['User-agent: assay\nCrawl-delay: 1\nUser-agent: x\nDisallow: /', 'skipped'],
    ['User-agent: assay\nAllow: /\nUser-agent: *\nDisallow: /', 'ok'],
    ['<html>a front page</html>', 'ok'],
  ])('%j is %s', (text, outcome) => {
    expect(visit({ [ROBOTS]: reply(text) }).finding?.outcome).toBe(outcome);
  });

  test.each([
    ['403 allows', reply('', { status: 403 }), { outcome: 'ok' }],
    ['500 forbids', reply('', { status: 500 }), FORBIDDEN],
    [
      '429 is a limit',
      reply('', { status: 429, headers: { 'retry-after': '9' } }),
      { class: 'rate_limited', retryAfterMs: 9000 },
    ],
    ['a dead name fails as the page would', broken('dns'), { class: 'network' }],
    ['a hang fails as the page would', broken('timeout'), { class: 'timeout' }],
    ['a redirect to nowhere allows', to('mailto:x'), { outcome: 'ok' }],
    ['five redirects and one more allow', to('/robots.txt'), { outcome: 'ok' }],
  ])('%s', (_name, got, expected) => {
    expect(visit({ [ROBOTS]: got }).finding).toMatchObject(expected);
  });

  test('is followed to another host, where unreachable forbids', () => {
    const moved = { [ROBOTS]: to('https://b.example/r.txt') };
    const { requests, finding } = visit({
      ...moved,
      'https://b.example/r.txt': reply('User-agent: *\nDisallow: /start'),
    });
    expect(requests[1]).toMatchObject({ limitKey: 'b.example', foreign: true, sharedForMs: 86_400_000 });
    expect(finding).toMatchObject(FORBIDDEN);
    expect(visit({ ...moved, 'https://b.example/r.txt': broken('refused') }).finding).toMatchObject(
      FORBIDDEN,
    );
  });

  test('of the origin that a redirect leads to counts too', () => {
    const answers = {
      [START]: to('https://b.example/x'),
      'https://b.example/robots.txt': reply('User-agent: *\nDisallow: /x'),
    };
    expect(visit(answers)).toMatchObject({ finding: FORBIDDEN });
    expect(visit(answers).urls).not.toContain('https://b.example/x');
  });

  test('a file made to cost dearly costs little: many agents for many rules, stars against a long path', () => {
    const started = performance.now();
    const agents = 'User-agent: a\n'.repeat(18_000) + 'Allow: /\n'.repeat(27_000);
    expect(visit({ [ROBOTS]: reply(agents) }).finding).toMatchObject({ outcome: 'ok' });
    const stars = `User-agent: *\n${`Disallow: /${'*a'.repeat(200)}b\n`.repeat(1_200)}`;
    const long = `https://a.example/${'a'.repeat(8_000)}`;
    expect(visit({ [ROBOTS]: reply(stars) }, long).finding).toMatchObject(FORBIDDEN);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

test('what is no URL is our fault', () => {
  expect(visit({}, 'no url').finding).toMatchObject({ outcome: 'failed', class: 'bad_request' });
});
