import fc from 'fast-check';
import { LONGEST_URL_BYTES, normaliseLine } from './normalise-url.js';

function urlOf(line: string): string {
  const result = normaliseLine(line);
  if (!result.ok) throw new Error(`${line}: ${result.reason}`);
  return result.url;
}

function reasonOf(line: string): string {
  const result = normaliseLine(line);
  return result.ok ? `accepted as ${result.url}` : result.reason;
}

test.each([
  ['HTTPS://Example.COM/Path', 'https://example.com/Path'],
  ['https://example.com:443/', 'https://example.com/'],
  ['http://example.com:80/', 'http://example.com/'],
  ['http://example.com:443/', 'http://example.com:443/'],
  ['https://example.com', 'https://example.com/'],
  ['https://example.com/#top', 'https://example.com/'],
  ['https://example.com/?b=2&a=1&b=1#x', 'https://example.com/?b=2&a=1&b=1'],
  ['https://example.com/?', 'https://example.com/?'],
  ['https://example.com/a/../b/./c', 'https://example.com/b/c'],
  ['https://example.com/a b', 'https://example.com/a%20b'],
  ['https://example.com/%7Euser', 'https://example.com/%7Euser'],
  ['https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4'],
  ['  https://example.com/x  ', 'https://example.com/x'],
  ['http://0x7f.1/', 'http://127.0.0.1/'],
  ['http://[::FFFF:1.2.3.4]/', 'http://[::ffff:102:304]/'],
  ['https://example.com/?a\\b', 'https://example.com/?a\\b'],
])('%s', (line, url) => {
  expect(urlOf(line)).toBe(url);
});

test.each([
  ['example.com/path', /No http:\/\/ or https:\/\/.*https:\/\/example\.com\/path/],
  ['//example.com/path', /Write https:\/\/example\.com\/path/],
  ['example.com:8080/', /No http/],
  ['ftp://example.com/', /Scheme ftp: is not supported/],
  ['mailto:a@example.com', /Scheme mailto: is not supported/],
  ['javascript:alert(1)', /Scheme javascript:/],
  ['http:example.com', /two slashes/],
  ['https://', /host or port/],
  ['https://a b/', /host or port/],
  ['https://example.com:99999/', /host or port/],
  ['hello world', /must start with http/],
  ['https://user:secret@example.com/', /user name or password/],
  ['https://a.example/\thttps://b.example/', /tab/],
  ['https://a.example/\rhttps://b.example/', /control/],
  ['https://a.example/\u0000', /control/],
  ['https://a.example/\uFFFD', /not UTF-8/],
  ['https://a.example/\uD800', /not UTF-8/],
  [`https://a.example/${'x'.repeat(10_000)}`, /8,192 bytes/],
])('%j is rejected with a reason', (line, reason) => {
  expect(reasonOf(line)).toMatch(reason);
});

test('no reason repeats a password', () => {
  expect(reasonOf('https://user:secret@example.com/')).not.toContain('secret');
});

test('8 KB is measured after normalising', () => {
  const base = 'https://a.example/';
  expect(urlOf(base + 'x'.repeat(LONGEST_URL_BYTES - base.length))).toHaveLength(LONGEST_URL_BYTES);
  expect(reasonOf(base + 'x'.repeat(LONGEST_URL_BYTES - base.length + 1))).toMatch(/8,192/);
  expect(reasonOf(base + 'ä'.repeat(2_000))).toMatch(/8,192/);
  expect(urlOf(`${base}#${'x'.repeat(9_000)}`)).toBe(base);
});

test('host and registrable domain', () => {
  expect(normaliseLine('https://www.a.example.co.uk/x')).toMatchObject({
    host: 'www.a.example.co.uk',
    domain: 'example.co.uk',
  });
  expect(normaliseLine('https://someone.github.io/')).toMatchObject({ domain: 'someone.github.io' });
  expect(normaliseLine('https://10.0.0.1:8080/')).toMatchObject({ host: '10.0.0.1', domain: '10.0.0.1' });
  expect(normaliseLine('http://localhost/')).toMatchObject({ host: 'localhost', domain: 'localhost' });
});

test('normalising twice changes nothing, and never throws', () => {
  const nearly = fc.oneof(
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.string({ unit: 'grapheme' }).map((text) => `https://a.example/${text}`),
    fc.string({ unit: 'binary' }).map((text) => `http://${text}`),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(nearly, (line) => {
      const once = normaliseLine(line);
      if (!once.ok) return once.reason.length > 0;
      expect(normaliseLine(once.url)).toEqual(once);
      return once.host.length > 0 && once.domain.length > 0;
    }),
    { numRuns: 1_000 },
  );
});

test('letters beyond ASCII are read in the last line of a long list as in the first', () => {
  const line = 'https://b\u00fccher.example/\u00e4';
  for (let at = 0; at < 20_000; at++) normaliseLine(line);
  expect(normaliseLine(line)).toMatchObject({ ok: true, host: 'xn--bcher-kva.example' });
});

test.each([
  ['https://a..example/', 'cannot exist'],
  ['https://./', 'cannot exist'],
  [`https://${'a'.repeat(64)}.example/`, 'cannot exist'],
  [`https://${'a.'.repeat(130)}example/`, 'cannot exist'],
])('%s is no host', (line, why) => expect(reasonOf(line)).toContain(why));

test.each([
  `https://${'a'.repeat(63)}.example/`,
  'https://example.com./',
  'http://[2001:db8::1]/',
  'http://192.0.2.7/',
])('%s is one', (line) => expect(normaliseLine(line)).toMatchObject({ ok: true }));
