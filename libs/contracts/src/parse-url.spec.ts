import { parseUrl } from './parse-url.js';

test('a URL, relative to a base where one is given; undefined for what is none', () => {
  expect(parseUrl('https://a.example/b')?.href).toBe('https://a.example/b');
  expect(parseUrl('../c', 'https://a.example/b/')?.href).toBe('https://a.example/c');
  expect([parseUrl(''), parseUrl('nonsense'), parseUrl('http://'), parseUrl('/a', 'b')]).toEqual(
    Array.from({ length: 4 }, () => undefined),
  );
});

test('letters beyond ASCII are read the millionth time as the first', () => {
  const text = 'https://b\u00fccher.example/\u00e4';
  for (let at = 0; at < 50_000; at++) parseUrl(text);
  expect(parseUrl(text)?.hostname).toBe('xn--bcher-kva.example');
});
