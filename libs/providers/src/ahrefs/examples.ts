import type { ProviderExamples } from '../examples.js';

const page = { surface: 'ahrefs.url', unit: 'https://ahrefs.com/' };
const young = { surface: 'ahrefs.domain', unit: 'young.example' };
const row = (url: string, mode: string, numbers = {}) => ({ url, mode, protocol: 'both', ...numbers });
const PAGE = {
  url_rating: 57,
  domain_rating: 91,
  ahrefs_rank: 641,
  backlinks: 912_345,
  referring_domains: 81_234,
  organic_traffic: 1_204_512,
};
const YOUNG = { domain_rating: 0, backlinks: 0, referring_domains: 0, organic_traffic: 0 };

export const examples: ProviderExamples = {
  good: {
    questions: [page, young],
    replies: [{ file: 'targets.json' }],
    findings: [
      { outcome: 'ok', numbers: PAGE },
      { outcome: 'ok', numbers: YOUNG },
    ],
  },
  absent: {
    questions: [page],
    replies: [{ body: { targets: [row(page.unit, 'exact', { domain_rating: null, backlinks: null })] } }],
    findings: [{ outcome: 'absent' }],
  },
  zero: {
    questions: [young],
    replies: [{ body: { targets: [row(young.unit, 'subdomains', { backlinks: 0 })] } }],
    findings: [{ outcome: 'ok', numbers: { backlinks: 0 } }],
  },
  refusals: [
    {
      name: 'no valid key',
      reply: { status: 401, body: { error: 'Unauthorized' } },
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'a plan without the call',
      reply: { status: 402, body: { error: 'Payment required' } },
      finding: { outcome: 'failed', class: 'quota' },
    },
    {
      name: 'a target that is not understood',
      reply: { status: 400, body: { error: 'bad target' } },
      finding: { outcome: 'failed', class: 'bad_request' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
  rows: { path: ['targets'], stranger: row('stranger.example', 'subdomains', { backlinks: 7 }) },
};
