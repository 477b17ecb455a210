import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'ahrefs-dr', unit: 'example.com' }];
const rated = (domain_rating: number | null) => [{ body: { domain_rating: { domain_rating } } }];

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'rating.json' }],
    findings: [{ outcome: 'ok', numbers: { domain_rating: 34 } }],
  },
  absent: { questions, replies: rated(null), findings: [{ outcome: 'absent' }] },
  zero: { questions, replies: rated(0), findings: [{ outcome: 'ok', numbers: { domain_rating: 0 } }] },
  refusals: [
    {
      name: 'no valid key',
      reply: { status: 401, body: { error: 'Unauthorized' } },
      finding: { outcome: 'failed', class: 'auth' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
};
