import type { ProviderExamples } from '../examples.js';

const known = { surface: 'openpagerank', unit: 'example.com' };
const unknown = { surface: 'openpagerank', unit: 'nobody.example' };
const row = (domain: string, numbers: object) => ({ domain, found: true, ...numbers });
const missing = (domain: string) => ({
  domain,
  found: false,
  open_page_rank: null,
  rank: null,
  referring_domains: null,
});
const answer = (...results: object[]) => [
  { body: { as_of: '2026-09-01', count: results.length, results, invalid: [] } },
];

export const examples: ProviderExamples = {
  good: {
    questions: [known, unknown],
    replies: answer(
      row('example.com', { open_page_rank: 4.68, rank: 51_234, referring_domains: 1_830 }),
      missing('nobody.example'),
    ),
    findings: [
      {
        outcome: 'ok',
        asOf: '2026-09-01',
        numbers: { open_page_rank: 4.68, rank: 51_234, referring_domains: 1_830 },
      },
      { outcome: 'absent' },
    ],
  },
  absent: {
    questions: [unknown],
    replies: answer({ ...missing('nobody.example'), open_page_rank: 0, rank: 0 }),
    findings: [{ outcome: 'absent' }],
  },
  zero: {
    questions: [known],
    replies: answer(row('example.com', { open_page_rank: 0, rank: 9_999_999, referring_domains: 0 })),
    findings: [{ outcome: 'ok', numbers: { open_page_rank: 0, rank: 9_999_999, referring_domains: 0 } }],
  },
  refusals: [
    {
      name: 'a key that is not known',
      reply: { file: 'unauthorised.json', status: 401 },
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'too many',
      reply: { file: 'too-many.json', status: 429 },
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
  rows: {
    path: ['results'],
    stranger: row('stranger.example', { open_page_rank: 7, rank: 7, referring_domains: 7 }),
    reduced: {
      question: { surface: 'openpagerank', unit: 'shop.example.com' },
      row: row('example.com', { open_page_rank: 4.68, rank: 51_234, referring_domains: 1_830 }),
    },
  },
};
