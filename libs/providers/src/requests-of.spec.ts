import { builtInProviders } from './built-in.js';
import type { Question } from './provider.js';
import { requestsOf, sendsNothing } from './requests-of.js';

const provider = (id: string) => builtInProviders.find((one) => one.id === id)!;
const about = (surface: string, ...units: string[]): Question[] => units.map((unit) => ({ surface, unit }));
const exactly = (n: number) => ({ least: n, likely: n, most: n });

test('what a batch takes is what its provider would send', () => {
  expect(requestsOf(provider('dns'), about('dns', 'a.example'))).toEqual(exactly(5));
  expect(requestsOf(provider('dns'), about('dns', '192.0.2.1'))).toEqual(exactly(0));
  expect(requestsOf(provider('dataforseo'), about('dataforseo.url', 'https://a.example/'))).toEqual(
    exactly(4),
  );
  const moz = about('moz.domain', ...Array.from({ length: 50 }, (_, n) => `a${n}.example`));
  expect(requestsOf(provider('moz'), moz)).toEqual(exactly(1));
  const links = about('bluesky.links', 'https://a.example/', 'https://b.example/');
  expect(requestsOf(provider('bluesky'), links)).toEqual(exactly(2));
});

const UNIT: Record<string, (n: number) => string> = {
  url: (n) => `https://a${n}.example/`,
  origin: (n) => `https://a${n}.example`,
  handle: (n) => `a${n}.example`,
};

test('a batch takes no more requests than its units alone: the upper bound of a plan', () => {
  for (const one of builtInProviders.filter(({ batch }) => batch.size > 1)) {
    const all = one.asks.flatMap(({ surface, unit }) =>
      Array.from({ length: one.batch.size }, (_, n) => ({
        surface,
        unit: (UNIT[unit] ?? UNIT['handle']!)(n),
      })),
    );
    // Of each surface alone, and mixed.
    const mixed = all.filter((_, n) => n % one.asks.length === 0);
    for (const size of [2, 3, 7, one.batch.size])
      for (const batch of [all.slice(0, size), all.slice(-size), mixed.slice(0, size)]) {
        const alone = batch.reduce((sum, question) => sum + requestsOf(one, [question]).most, 0);
        const { most } = requestsOf(one, batch);
        expect([one.id, size, most, most <= alone && alone > 0]).toEqual([one.id, size, most, true]);
      }
  }
});

test('where replies decide, the definition tells', () => {
  expect(requestsOf(provider('wikipedia'), about('wikipedia.host', 'a.example'))).toEqual(exactly(2));
  expect(requestsOf(provider('page'), about('page', 'https://a.example/'))).toEqual({
    least: 0,
    likely: 1,
    most: 77,
  });
});

test('every provider of many steps says how many requests it takes', () => {
  const many = builtInProviders.filter((one) => 'steps' in one);
  expect(many.filter(({ requestsPerUnit }) => requestsPerUnit === undefined)).toEqual([]);
});

test('what is never asked is known before', () => {
  expect(sendsNothing(provider('rdap'), about('rdap', 'a.github.io'))).toBe(true);
  expect(sendsNothing(provider('rdap'), about('rdap', 'a.example'))).toBe(false);
  expect(sendsNothing(provider('tranco'), about('tranco', '192.0.2.1'))).toBe(true);
});
