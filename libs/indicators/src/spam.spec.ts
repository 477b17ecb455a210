import { spam } from './index.js';

const row = { url: 'https://example.org/', host: 'example.org', domain: 'example.org' };

test('nothing measured: no probability, whatever the name', () => {
  const bad = { url: 'http://a-b-c-777.top/', host: 'a-b-c-777.top', domain: 'a-b-c-777.top', numbers: {} };
  expect(spam(bad)).toEqual({ probability: null, flag: null, reasons: [], model: 'fixed-1' });
});

test('a missing number is no sign of spam', () => {
  const little = spam({ ...row, numbers: { page: { http_status: 200 } } });
  expect(little.probability).toBeLessThan(0.05);
  expect(little.reasons).toEqual([]);
});

test('a threat list decides', () => {
  const listed = spam({ ...row, numbers: { 'safebrowsing.final': { match_count: 1 } } });
  expect(listed).toMatchObject({ flag: true, reasons: ['listed by Google Safe Browsing (+6.0)'] });
});

test('an old, known domain is far from spam and says why', () => {
  const numbers = { 'moz.domain': { domain_authority: 90, spam_score: 1 }, rdap: { age_days: 9_000 } };
  const { probability, reasons } = spam({ ...row, numbers });
  expect(probability).toBeLessThan(0.01);
  expect(reasons[0]).toBe('domain authority 90 of 100 (−2.0)');
});

test('young, unknown, full of spam words: flagged with the five strongest reasons', () => {
  const name = 'best-cheap-pills-24h99.top';
  const numbers = {
    rdap: { age_days: 5 },
    page: { poison_word_count: 6, word_count: 30, https: false, has_favicon: false },
    'moz.url': { spam_score: 70, domain_authority: 2 },
  };
  const judged = spam({ url: `http://${name}/`, host: name, domain: name, numbers });
  expect(judged.flag).toBe(true);
  expect(judged.reasons).toEqual([
    'Moz spam score 70 of 100 (+2.5)',
    '6 words typical of spam (+2.5)',
    'domain registered 5 days ago (+1.6)',
    'domain authority 2 of 100 (+0.8)',
    '3 hyphens in the domain (+0.8)',
  ]);
});

test('each signal moves the probability to its own side only', () => {
  const base = spam({ ...row, numbers: { page: { http_status: 200 } } }).probability!;
  const more = spam({ ...row, numbers: { page: { http_status: 200, poison_word_count: 2 } } }).probability!;
  const less = spam({ ...row, numbers: { page: { http_status: 200 }, rdap: { age_days: 4_000 } } });
  expect(more).toBeGreaterThan(base);
  expect(less.probability).toBeLessThan(base);
});
