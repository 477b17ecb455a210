import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'crux.url', unit: 'https://github.com/marketplace?type=actions' }];
const error = (code: number, status: string, message: string) => ({
  status: code,
  body: { error: { code, message, status } },
});

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'record.json' }],
    findings: [
      {
        outcome: 'ok',
        asOf: '2026-02-07',
        numbers: { lcp_ms: 1450, inp_ms: 63, cls: 0.01, ttfb_ms: 846, lcp_good: 0.9343, cls_good: 0.9343 },
      },
    ],
  },
  absent: {
    questions,
    replies: [{ file: 'not-found.json', status: 404 }],
    findings: [{ outcome: 'absent' }],
  },
  zero: {
    questions,
    replies: [
      { body: { record: { metrics: { cumulative_layout_shift: { percentiles: { p75: '0.00' } } } } } },
    ],
    findings: [{ outcome: 'ok', numbers: { cls: 0 } }],
  },
  refusals: [
    {
      name: 'a key that is not valid',
      reply: error(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'),
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'too many in a minute',
      reply: error(
        429,
        'RESOURCE_EXHAUSTED',
        "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute'",
      ),
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
};
