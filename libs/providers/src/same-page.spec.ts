import { pageKey, withoutScheme } from './same-page.js';

test.each([
  ['https://Example.com/A/', 'http://example.com/A'],
  ['https://example.com', 'http://example.com/'],
  ['example.com/a?b=1', 'https://example.com/a?b=1#c'],
  ['//example.com/a', 'https://example.com/a'],
  ['https://user:pass@example.com/a', 'http://example.com/a'],
  ['https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4'],
])('%s and %s are one page', (a, b) => expect(pageKey(a)).toBe(pageKey(b)));

test.each([
  ['https://example.com/a', 'https://example.com/A'],
  ['https://example.com/?a=1', 'https://example.com/?a=2'],
  ['https://example.com/', 'https://www.example.com/'],
  ['https://example.com:8443/', 'https://example.com/'],
])('%s and %s are two', (a, b) => expect(pageKey(a)).not.toBe(pageKey(b)));

test('what is no web address has no key', () => {
  expect([pageKey('mailto:a@b.example'), pageKey('http://'), pageKey('')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('without scheme, user and fragment; what cannot be read stays', () => {
  expect(withoutScheme('https://u:p@example.com/a?b=1#c')).toBe('example.com/a?b=1');
  expect(withoutScheme('nonsense')).toBe('nonsense');
});
