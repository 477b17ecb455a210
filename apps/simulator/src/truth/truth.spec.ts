import { truthOf } from './truth.js';

const AT = { anchor: Date.UTC(2026, 10, 1), now: Date.UTC(2026, 10, 20) };
const of = (provider: string, unit: string, surface = provider) => truthOf(provider, surface, unit, AT);

test('a dead domain has nothing anywhere', () => {
  expect(of('dns', 'www.dead-1.org')?.outcome).toBe('absent');
  expect(of('rdap', 'dead-1.org')?.outcome).toBe('absent');
  expect(of('openpagerank', 'dead-1.org')?.outcome).toBe('absent');
  expect(of('moz', 'dead-1.org', 'moz.domain')?.outcome).toBe('absent');
  expect(of('page', 'http://dead-1.org/')?.outcome).toBe('failed');
});

test('a top-level domain without a registry server has no registration to tell', () => {
  expect(of('rdap', 'ordinary-1.de')).toMatchObject({ outcome: 'skipped', reason: 'unsupported' });
});

test('strong sites are strong for every provider, spam is told by most', () => {
  const popular = of('moz', 'popular-1.com', 'moz.domain')?.numbers ?? {};
  const spam = of('moz', 'spam-1.com', 'moz.domain')?.numbers ?? {};
  expect(popular['domain_authority']).toBeGreaterThanOrEqual(75);
  expect(spam['domain_authority']).toBeLessThanOrEqual(40);
  expect(of('openpagerank', 'popular-1.com')?.numbers['open_page_rank']).toBeGreaterThanOrEqual(7.5);
  const listed = Array.from({ length: 400 }, (_, index) => of('safebrowsing', `http://spam-${index}.com/`));
  const share = listed.filter((truth) => truth?.numbers['threats'] !== 0).length / listed.length;
  expect(share).toBeGreaterThan(0.5);
  expect(share).toBeLessThan(0.7);
});

test('numbers stay within their ranges', () => {
  for (let index = 0; index < 1_000; index++) {
    const moz = of('moz', `https://site-${index}.com/page/${index}`, 'moz.url')?.numbers;
    if (!moz) continue;
    for (const name of ['page_authority', 'domain_authority', 'spam_score'] as const) {
      const value = moz[name];
      if (value !== undefined) expect(Number(value) >= 0 && Number(value) <= 100).toBe(true);
    }
    for (const value of Object.values(moz))
      if (typeof value === 'number') expect(value).toBeGreaterThanOrEqual(0);
  }
});

test('an unknown provider has no truth', () => {
  expect(of('nobody', 'x')).toBeUndefined();
});
