import fc from 'fast-check';
import type { Finding } from '../provider.js';
import { CONTEXT, recordedText, reply } from '../spec-support/replies.js';
import type { Reply } from '../classify-reply.js';
import { visitFinding } from './visit-finding.js';

const URL_OF_PAGE = 'https://beans.example/story';
type Ok = Extract<Finding, { outcome: 'ok' }>;

function read(
  html: string | Uint8Array,
  parts: { headers?: Record<string, string>; url?: string; truncated?: boolean } = {},
): Ok {
  const headers = { 'content-type': 'text/html', ...parts.headers };
  const got = reply(html, { headers, truncated: parts.truncated ?? false }) as Reply;
  return visitFinding({ url: new URL(parts.url ?? URL_OF_PAGE), redirects: 0, reply: got }, CONTEXT) as Ok;
}

const ARTICLE = recordedText(import.meta.url, 'article.html');

test('every number of the recorded page', () => {
  const { numbers } = read(ARTICLE);
  expect(numbers).toEqual({
    http_status: 200,
    redirect_count: 0,
    final_url: URL_OF_PAGE,
    ttfb_ms: 12,
    total_ms: 21,
    bytes: Buffer.byteLength(ARTICLE),
    https: true,
    hsts: false,
    title_length: 'Bees & beans: a café story'.length,
    meta_description_length: 'Why bees like beans'.length,
    noindex: true,
    nofollow: true,
    has_canonical: true,
    canonical_self: true,
    canonical_off_site: false,
    hreflang_count: 2,
    has_favicon: true,
    meta_refresh_count: 1,
    h1_count: 1,
    word_count: 27,
    text_ratio: expect.any(Number),
    internal_links: 3,
    external_links: 5,
    external_domains: 4,
    nofollow_links: 1,
    images: 3,
    images_without_alt: 1,
    scripts: 2,
    iframes: 1,
    forms: 1,
    password_inputs: 1,
    json_ld_types: 2,
    has_email: true,
    has_phone: true,
    has_linkedin: true,
    has_analytics_tag: true,
    poison_word_count: 2,
  });
});

test('every fact of the recorded page', () => {
  expect(read(ARTICLE).facts).toEqual({
    finalUrl: URL_OF_PAGE,
    finalHost: 'beans.example',
    finalDomain: 'beans.example',
    canonicalUrl: 'https://beans.example/story',
    author: 'Ada Byron',
    handles: {
      twitter: ['beans'],
      mastodon: ['bee@mastodon.example'],
      github: ['beans'],
      linkedin: ['company/beans'],
      bluesky: ['ada.example'],
    },
  });
});

test('the title of a drawing is none of the page', () => {
  expect(read('<body><svg><title>circle</title></svg>').numbers['title_length']).toBe(0);
});

test('an empty page is measured: zeros, but no share of nothing', () => {
  const { numbers } = read('');
  expect(numbers).toMatchObject({
    bytes: 0,
    word_count: 0,
    title_length: 0,
    internal_links: 0,
    has_canonical: false,
  });
  expect(numbers).not.toHaveProperty('text_ratio');
});

test('of a page cut at its limit only the head is known, and its size is not', () => {
  const whole = read(ARTICLE).numbers;
  const { numbers, facts } = read(ARTICLE.slice(0, -200), { truncated: true });
  expect(numbers).toMatchObject({
    problem: 'too_large',
    title_length: whole['title_length'],
    canonical_self: true,
  });
  for (const id of ['bytes', 'word_count', 'internal_links', 'has_email', 'text_ratio'])
    expect(numbers).not.toHaveProperty(id);
  expect(facts).not.toHaveProperty('handles');
});

test('of a page cut within its head not even that is known', () => {
  const { numbers } = read('<html><head><title>T</title><scr', { truncated: true });
  expect(numbers).toMatchObject({ problem: 'too_large', http_status: 200 });
  expect(numbers).not.toHaveProperty('title_length');
});

describe('canonical', () => {
  const head = (links: string) => read(`<head>${links}</head><body>`);
  test('off the registrable domain it is ignored and told', () => {
    const { numbers, facts } = head('<link rel="canonical" href="https://evil.example/">');
    expect(numbers).toMatchObject({ has_canonical: true, canonical_self: false, canonical_off_site: true });
    expect(facts).not.toHaveProperty('canonicalUrl');
  });
  test('og:url stands in, held to the same rule', () => {
    const own = head('<meta property="og:url" content="https://www.beans.example/o">');
    expect(own.facts?.canonicalUrl).toBe('https://www.beans.example/o');
    expect(own.numbers).toMatchObject({
      has_canonical: false,
      canonical_self: false,
      canonical_off_site: false,
    });
    expect(
      head('<meta property="og:url" content="https://evil.example/">').numbers['canonical_off_site'],
    ).toBe(true);
  });
  test('relative to <base>', () => {
    expect(head('<base href="/b/"><link rel=canonical href="c">').facts?.canonicalUrl).toBe(
      'https://beans.example/b/c',
    );
  });
  test("in the body it may be a visitor's and does not count", () => {
    const { numbers, facts } = read('<head></head><body><link rel="canonical" href="/x">');
    expect(numbers['has_canonical']).toBe(false);
    expect(facts).not.toHaveProperty('canonicalUrl');
  });
  test.each(['javascript:alert(1)', 'http://[bad', ''])('%j is no address', (href) => {
    expect(head(`<link rel="canonical" href="${href}">`).facts).not.toHaveProperty('canonicalUrl');
  });
});

test.each([
  ['<meta name="robots" content="none">', {}, [true, true]],
  ['<meta name="ROBOTS" content="max-snippet:20, noindex">', {}, [true, false]],
  ['<meta name="googlebot" content="noindex">', {}, [false, false]],
  ['', { 'x-robots-tag': 'noindex, nofollow' }, [true, true]],
  ['', { 'x-robots-tag': 'googlebot: noindex, otherbot: nofollow' }, [false, false]],
  ['', { 'x-robots-tag': 'assay: noindex, googlebot: nofollow' }, [true, false]],
  ['', { 'x-robots-tag': 'unavailable_after: 25 Jun 2030 15:00:00 PST, nofollow' }, [false, true]],
])('directives %j %j', (meta, headers, [noindex, nofollow]) => {
  expect(read(`<head>${meta}</head>`, { headers }).numbers).toMatchObject({ noindex, nofollow });
});

test.each([
  ['https://beans.example/', 'max-age=31536000; includeSubDomains', true],
  ['https://beans.example/', 'max-age=0', false],
  ['http://beans.example/', 'max-age=31536000', false],
])('hsts at %s with %s: %s', (url, header, hsts) => {
  expect(read('', { url, headers: { 'strict-transport-security': header } }).numbers['hsts']).toBe(hsts);
});

describe('characters', () => {
  const body = '<title>é€</title>';
  const titleLength = (html: Buffer, type: string) =>
    read(html, { headers: { 'content-type': type } }).numbers['title_length'];
  const latin = Buffer.from('<title>\xe9\x80</title>', 'latin1');
  test.each([
    ['header', latin, 'text/html; charset="windows-1252"'],
    ['meta', Buffer.concat([Buffer.from('<meta charset=windows-1252>'), latin]), 'text/html'],
    [
      'old meta',
      Buffer.concat([
        Buffer.from('<meta http-equiv=content-type content="text/html; charset=iso-8859-1">'),
        latin,
      ]),
      'text/html',
    ],
    ['no word, bytes that are no UTF-8', latin, 'text/html'],
    ['no word, UTF-8', Buffer.from(body), 'text/html'],
    ['a mark that overrules the header', Buffer.from(`\ufeff${body}`), 'text/html; charset=iso-8859-1'],
    ['UTF-16 by mark', Buffer.from(`\ufeff${body}`, 'utf16le'), 'text/html'],
    ['a meta that says UTF-16', Buffer.from(`<meta charset=utf-16>${body}`), 'text/html'],
    ['an unknown name', Buffer.from(body), 'text/html; charset=klingon'],
  ])('by %s', (_name, html, type) => {
    expect(titleLength(html, type)).toBe(2);
  });
});

test.each([
  ['one two', 2],
  ['<p>one</p><p>two</p>', 2],
  ['o<b>n</b>e', 1],
  ['caf&eacute; na\u00efve', 2],
  ['a&nbsp;b', 2],
  ['- — … !', 0],
  ['3.14 x-y', 2],
  ['<!-- no --><script>no</script><style>no</style>', 0],
  ['日本語 テキスト', 2],
])('words in %j: %i', (html, words) => {
  expect(read(`<body>${html}`).numbers['word_count']).toBe(words);
});

test.each([
  ['Casino', 1],
  ['casinoroyal', 0],
  ['free-casino', 1],
  ['ca<b>sino</b>', 1],
  ['&#99;asino, casino', 2],
])('spam vocabulary in %j: %i', (html, count) => {
  expect(read(`<body>${html}`).numbers['poison_word_count']).toBe(count);
});

test.each([
  ['write a@b.example', { has_email: true }],
  ['a@b', { has_email: false }],
  ['@name', { has_email: false }],
  ['call +1 (555) 010-9999', { has_phone: true }],
  ['1 + 1 = 2', { has_phone: false }],
  ['<a href="tel:5550109999">x</a>', { has_phone: true, internal_links: 0 }],
])('contacts in %j', (html, expected) => {
  expect(read(`<body>${html}`).numbers).toMatchObject(expected);
});

test.each([
  ['//cdn.other.example/x', [0, 1]],
  ['https://user@beans.example/', [1, 0]],
  [' \n https://BEANS.example:8080/x', [1, 0]],
  ['https:/\\other.example', [0, 1]],
  ['mailto:x@y.example', [0, 0]],
  ['data:text/html,x', [0, 0]],
  ['', [0, 0]],
  ['http://[bad', [0, 0]],
])('link %j', (href, [internal, external]) => {
  const { numbers } = read(`<body><a href="${href}">x</a>`);
  expect([numbers['internal_links'], numbers['external_links']]).toEqual([internal, external]);
});

/** Half a second is some ten times what linear work takes here; quadratic work takes minutes. */
test.each([
  '<div>',
  '<div></x>',
  '<a href="',
  '&#x41',
  '<!--',
  'a@a.',
  '<svg><title>',
  '<a href=x rel="nofollow nofollow">',
  ' ',
  '<meta name=robots content=a>',
])('a megabyte of %j is read in linear time', (piece) => {
  const started = performance.now();
  read(piece.repeat(Math.ceil(1_048_576 / piece.length)));
  expect(performance.now() - started).toBeLessThan(500);
});

test('plain words are counted exactly, however they are split by inline markup', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdeé0'), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), fc.nat(7), (list, at) => {
      const html = list.map((one) => `${one.slice(0, at)}<i>${one.slice(at)}</i>`).join(' ');
      expect(read(`<body>${html}</body>`).numbers['word_count']).toBe(list.length);
    }),
  );
});
