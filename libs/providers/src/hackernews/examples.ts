import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'hackernews', unit: 'https://code.facebook.com/posts/300798627056246' }];

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'stories.json' }],
    findings: [
      {
        outcome: 'ok',
        numbers: {
          stories: 2,
          points: 2_283,
          comments: 498,
          first_story_at: '2017-09-22T21:51:56.000Z',
          capped: false,
        },
      },
    ],
  },
  absent: { never: 'a page that nobody posted is a measured zero' },
  zero: {
    questions,
    replies: [{ body: { hits: [], nbHits: 0, nbPages: 0 } }],
    findings: [{ outcome: 'ok', numbers: { stories: 0, points: 0, comments: 0, capped: false } }],
  },
  refusals: [
    {
      name: 'a query that is not understood',
      reply: { status: 400, body: { message: 'invalid query', status: 400 } },
      finding: { outcome: 'failed', class: 'bad_request' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
};
