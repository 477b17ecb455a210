import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'reddit', unit: 'https://example.com/article' }];
const TOKEN = { to: 'access_token', file: 'token.json', before: true } as const;

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [TOKEN, { to: '/api/info', file: 'posts.json' }],
    findings: [{ outcome: 'ok', numbers: { posts: 2, score: 120, comments: 48, subreddits: 2 } }],
  },
  absent: { never: 'a page that nobody posted is a measured zero' },
  zero: {
    questions,
    replies: [TOKEN, { to: '/api/info', body: { kind: 'Listing', data: { children: [] } } }],
    findings: [{ outcome: 'ok', numbers: { posts: 0, score: 0, comments: 0, subreddits: 0 } }],
  },
  refusals: [
    {
      name: 'a token that has run out',
      reply: { status: 401, body: { message: 'Unauthorized', error: 401 } },
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'too many',
      reply: { status: 429, body: { message: 'Too Many Requests', error: 429 } },
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
};
