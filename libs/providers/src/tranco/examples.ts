import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'tranco', unit: 'chatgpt.com' }];

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'ranks.json' }],
    findings: [
      {
        outcome: 'ok',
        asOf: '2026-10-07',
        numbers: { rank: 87, best_rank_30d: 87, worst_rank_30d: 102, days_ranked_30d: 3 },
      },
    ],
  },
  absent: { questions, replies: [{ file: 'unranked.json' }], findings: [{ outcome: 'absent' }] },
  zero: { never: 'ranks begin with 1, and no day with a rank is absent' },
  refusals: [
    {
      name: 'a temporary condition of the service',
      reply: { status: 403, body: { detail: 'temporarily unavailable' } },
      finding: { outcome: 'failed', class: 'server' },
    },
    {
      name: '404 is no word on the rank',
      reply: { status: 404, body: { detail: 'not found' } },
      finding: { outcome: 'failed', class: 'server' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
};
