import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'radar', unit: 'google.com' }];

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'ranking.json' }],
    findings: [
      {
        outcome: 'ok',
        asOf: '2022-09-17T10:22:57.555Z',
        numbers: { rank: 3, rank_at_most: 2_000, category_count: 1, categories: 'Content Servers' },
      },
    ],
  },
  absent: {
    questions,
    replies: [{ status: 404, body: { success: false, errors: [{ code: 1_404, message: 'not found' }] } }],
    findings: [{ outcome: 'absent' }],
  },
  zero: {
    questions,
    replies: [{ body: { success: true, result: { details_0: { bucket: '>200000', categories: [] } } } }],
    findings: [{ outcome: 'ok', numbers: { rank_above: 200_000, category_count: 0 } }],
  },
  refusals: [
    {
      name: 'a token that is not known',
      reply: { file: 'unauthorised.json', status: 403 },
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'an error under status 200',
      reply: { body: { success: false, errors: [{ code: 7_003, message: 'no route' }] } },
      finding: { outcome: 'failed', class: 'server' },
    },
  ],
};
