import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'wayback.url', unit: 'https://example.com/page?a=1' }];

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'captures.json' }],
    findings: [
      {
        outcome: 'ok',
        numbers: {
          months_captured: 3,
          first_capture_at: '1997-01-26T04:58:28.000Z',
          last_captured_month: '2025-08',
          capped: false,
        },
      },
    ],
  },
  absent: { questions, replies: [{ body: [] }], findings: [{ outcome: 'absent' }] },
  zero: { never: 'no capture at all is absent, and a capture has at least one month' },
  refusals: [
    {
      name: 'too many, for at least a minute',
      reply: { status: 429, body: 'Too Many Requests', headers: { 'retry-after': '5' } },
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
  deviations: {
    'empty body': {
      finding: { outcome: 'absent' },
      why: 'the archive answers so for what it never captured',
    },
  },
};
