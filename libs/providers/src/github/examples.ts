import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'github', unit: 'ada' }];
const NUMBERS = {
  followers: 10,
  following: 0,
  public_repos: 5,
  created_at: '2011-01-25T18:44:36Z',
  organisation: false,
};
const JSON_TYPE = { 'content-type': 'application/json' };

export const examples: ProviderExamples = {
  good: { questions, replies: [{ file: 'user.json' }], findings: [{ outcome: 'ok', numbers: NUMBERS }] },
  absent: {
    questions,
    replies: [{ file: 'not-found.json', status: 404 }],
    findings: [{ outcome: 'absent' }],
  },
  zero: { questions, replies: [{ file: 'user.json' }], findings: [{ outcome: 'ok', numbers: NUMBERS }] },
  refusals: [
    {
      name: 'the limit of the hour, as 403',
      reply: {
        status: 403,
        headers: { ...JSON_TYPE, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1795525200' },
        body: { message: 'API rate limit exceeded' },
      },
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
    {
      name: 'the secondary limit',
      reply: {
        status: 403,
        headers: { ...JSON_TYPE, 'retry-after': '60' },
        body: { message: 'secondary rate limit' },
      },
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
    {
      name: 'a token that is not known',
      reply: { status: 401, body: { message: 'Bad credentials' } },
      finding: { outcome: 'failed', class: 'auth' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
};
