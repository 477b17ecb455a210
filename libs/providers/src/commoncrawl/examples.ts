import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'commoncrawl.domain', unit: 'example.com' }];
const COLLECTIONS = { to: '/collinfo.json', file: 'collinfo.json', before: true } as const;
const headers = { 'content-type': 'text/x-ndjson' };

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [COLLECTIONS, { to: '-index?', file: 'captures.ndjson', headers }],
    findings: [
      {
        outcome: 'ok',
        asOf: 'CC-MAIN-2026-30',
        numbers: { captures: 2, pages: 2, last_capture_at: '2026-07-15T03:26:27.000Z', capped: false },
      },
    ],
  },
  absent: {
    questions,
    replies: [COLLECTIONS, { to: '-index?', file: 'no-captures.json', status: 404 }],
    findings: [{ outcome: 'absent' }],
  },
  zero: { never: 'no capture at all is absent' },
  refusals: [
    {
      name: 'a query that is not understood',
      reply: { status: 400, body: { message: 'Invalid match_type: x' } },
      finding: { outcome: 'failed', class: 'bad_request' },
    },
    {
      name: 'slow down',
      reply: { status: 503, body: { message: 'Please reduce your request rate.' } },
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
  deviations: Object.fromEntries(
    ['body cut at 50 %', 'body cut at 75 %', 'body cut at 98 %', 'NaN for a number'].map((name) => [
      name,
      { finding: { outcome: 'ok' as const }, why: 'lines stand alone and a broken one is skipped' },
    ]),
  ),
};
