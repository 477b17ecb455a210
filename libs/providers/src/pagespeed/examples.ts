import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'pagespeed.mobile', unit: 'https://example.com/?a=1&b=ä' }];
const still = {
  lighthouseResult: {
    categories: { performance: { score: 0 } },
    audits: { 'cumulative-layout-shift': { numericValue: 0 } },
  },
};
const NO_NUMBERS = { outcome: 'failed', class: 'malformed' } as const;

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'run.json' }],
    findings: [
      {
        outcome: 'ok',
        asOf: '2026-01-01T00:00:00.000Z',
        numbers: {
          performance: 98,
          seo: 100,
          accessibility: 92,
          lab_lcp_ms: 1100.5,
          lab_cls: 0.01,
          lab_tbt_ms: 30,
          lab_ttfb_ms: 120,
          field_lcp_ms: 1450,
          field_cls: 0.01,
          field_verdict: 'FAST',
          field_is_origin: false,
        },
      },
    ],
  },
  absent: {
    questions,
    replies: [{ file: 'failed-document.json', status: 500 }],
    findings: [{ outcome: 'absent', reason: 'FAILED_DOCUMENT_REQUEST' }],
  },
  zero: {
    questions,
    replies: [{ body: still }],
    findings: [{ outcome: 'ok', numbers: { performance: 0, lab_cls: 0 } }],
  },
  refusals: [
    {
      name: 'a run that failed for Lighthouse itself, under status 200',
      reply: { body: { lighthouseResult: { runtimeError: { code: 'PROTOCOL_TIMEOUT' } } } },
      finding: { outcome: 'failed', class: 'server' },
    },
    {
      name: 'the quota of the day',
      reply: {
        status: 429,
        body: {
          error: {
            code: 429,
            message: "Quota exceeded for quota metric 'Queries' and limit 'Queries per day'",
            status: 'RESOURCE_EXHAUSTED',
          },
        },
      },
      finding: { outcome: 'failed', class: 'quota' },
    },
    { name: 'a run without a number', reply: { body: { lighthouseResult: {} } }, finding: NO_NUMBERS },
  ],
};
