import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'mastodon', unit: 'ada@mastodon.example' }];
const NUMBERS = { followers: 10, following: 0, posts: 99, created_at: '2022-11-04T00:00:00.000Z' };

export const examples: ProviderExamples = {
  good: { questions, replies: [{ file: 'account.json' }], findings: [{ outcome: 'ok', numbers: NUMBERS }] },
  absent: {
    questions,
    replies: [{ file: 'not-found.json', status: 404 }],
    findings: [{ outcome: 'absent' }],
  },
  zero: { questions, replies: [{ file: 'account.json' }], findings: [{ outcome: 'ok', numbers: NUMBERS }] },
  refusals: [
    {
      name: 'an instance that wants a token',
      reply: { status: 401, body: { error: 'This method requires an authenticated user' } },
      finding: { outcome: 'failed', class: 'auth' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
};
