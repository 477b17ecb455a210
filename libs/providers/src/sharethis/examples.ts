import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'sharethis', unit: 'https://example.com/?a=1&b=2' }];

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'counts.json' }],
    findings: [{ outcome: 'ok', numbers: { total: 123, shares: 100, clicks: 23 } }],
  },
  absent: { never: 'a page that nobody shared is a measured zero' },
  zero: {
    questions,
    replies: [{ body: { total: 0, shares: { all: 0 }, clicks: [] } }],
    findings: [{ outcome: 'ok', numbers: { total: 0, shares: 0 } }],
  },
  refusals: [
    {
      name: 'an error without counts',
      reply: { body: { status: 'error', message: 'Invalid URL' } },
      finding: { outcome: 'failed', class: 'malformed' },
    },
  ],
};
