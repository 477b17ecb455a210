import type { ProviderExamples } from '../examples.js';

const blog = { surface: 'moz.url', unit: 'https://moz.com/blog' };
const domain = { surface: 'moz.domain', unit: 'moz.com' };
const ID = 'd7b41efa-4e67-4076-867c-dab4227ca125';
const row = (query: string, scope: string, site_metrics: object | null) => ({
  site_query: { query, scope, original_site_query: { query, scope }, site_query_suggestion: null },
  site_metrics,
});
const answer = (...results_by_site: object[]) => [
  { body: { jsonrpc: '2.0', id: ID, result: { results_by_site, errors_by_site: [] } } },
];
const refused = (code: number, status: number, message: string) => ({
  jsonrpc: '2.0',
  id: ID,
  error: { code, status, message },
});

export const examples: ProviderExamples = {
  good: {
    questions: [blog, domain],
    replies: answer(
      row('https://moz.com/blog', 'url', { page_authority: 70, domain_authority: 90, spam_score: 3 }),
      row('moz.com', 'domain', { domain_authority: 90, spam_score: -1 }),
    ),
    findings: [
      { outcome: 'ok', numbers: { page_authority: 70, domain_authority: 90, spam_score: 3 } },
      { outcome: 'ok', numbers: { domain_authority: 90 } },
    ],
  },
  absent: {
    questions: [domain],
    replies: answer(row('moz.com', 'domain', null)),
    findings: [{ outcome: 'absent' }],
  },
  zero: {
    questions: [domain],
    replies: answer(row('moz.com', 'domain', { spam_score: 0, pages_to_page: 0 })),
    findings: [{ outcome: 'ok', numbers: { spam_score: 0, pages_to_page: 0 } }],
  },
  refusals: [
    {
      name: 'a parameter missing',
      reply: { file: 'param-missing.json', status: 400 },
      finding: { outcome: 'failed', class: 'bad_request' },
    },
    {
      name: 'a token that is not known, under status 200',
      reply: { body: refused(-32_651, 401, 'Please provide a valid token.') },
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'rows used up',
      reply: { status: 429, body: refused(-9, 429, 'The allotted rows are used up') },
      finding: { outcome: 'failed', class: 'quota' },
    },
  ],
  rows: {
    path: ['result', 'results_by_site'],
    stranger: row('https://stranger.example/', 'url', { page_authority: 7 }),
  },
};
