import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'phishtank', unit: 'http://www.vieabcps.com/pe.php' }];

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'phish.json' }],
    findings: [
      {
        outcome: 'ok',
        numbers: {
          in_database: true,
          verified: true,
          valid: true,
          phish: true,
          verified_at: '2016-09-12T22:01:32.000Z',
        },
      },
    ],
  },
  absent: { questions, replies: [{ file: 'unknown.json' }], findings: [{ outcome: 'absent' }] },
  zero: { never: 'no metric is a count' },
  refusals: [
    {
      name: 'too many calls',
      reply: { status: 509, headers: { 'x-request-limit-interval': '300' }, body: 'over the limit' },
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
    {
      name: 'a key that is not known',
      reply: { body: { meta: { status: 'error' }, errortext: 'Invalid app_key' } },
      finding: { outcome: 'failed', class: 'auth' },
    },
  ],
};
