import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'observatory', unit: 'mdn.dev' }];
const NUMBERS = { score: 105, grade: 'A+', tests_failed: 0, tests_passed: 10, tests_quantity: 10 };

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'scan.json' }],
    findings: [{ outcome: 'ok', asOf: '2024-08-12T08:20:18.926Z', numbers: NUMBERS }],
  },
  absent: { questions, replies: [{ file: 'no-host.json', status: 422 }], findings: [{ outcome: 'absent' }] },
  zero: { questions, replies: [{ file: 'scan.json' }], findings: [{ outcome: 'ok', numbers: NUMBERS }] },
  refusals: [
    {
      name: 'an error of the service under status 200',
      reply: { body: { error: 'scan-failed', message: 'Scan failed' } },
      finding: { outcome: 'failed', class: 'server' },
    },
    {
      name: 'a host that is none',
      reply: {
        status: 422,
        body: { error: 'invalid-hostname', message: 'localhost is not a valid hostname' },
      },
      finding: { outcome: 'failed', class: 'bad_request' },
    },
    { name: 'a site that is down', reply: { body: { error: 'site-down' } }, finding: { outcome: 'absent' } },
  ],
};
