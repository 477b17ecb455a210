import { inAnyBody, type ExampleReply, type Never, type ProviderExamples } from '../examples.js';

const questions = [{ surface: 'robots', unit: 'https://www.example.com' }];
const headers = { 'content-type': 'text/plain; charset=utf-8' };
const file: ExampleReply = { file: 'robots.txt', headers };
const allowed = (http_status: number) =>
  ({ outcome: 'ok', numbers: { http_status, allows_root: true } }) as const;
const forbidden = (http_status: number) =>
  ({ outcome: 'ok', numbers: { http_status, allows_root: false } }) as const;
const ANY_FILE: Never = { never: 'a file holds whatever its owner writes' };

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [file],
    findings: [
      {
        outcome: 'ok',
        numbers: { http_status: 200, allows_root: true, crawl_delay_s: 2.5, sitemap_count: 2 },
      },
    ],
  },
  absent: { never: 'a missing file is a rule: everything is allowed' },
  zero: {
    questions,
    replies: [{ body: 'User-agent: *\nDisallow:\nCrawl-delay: 0\n', headers }],
    findings: [
      { outcome: 'ok', numbers: { http_status: 200, allows_root: true, crawl_delay_s: 0, sitemap_count: 0 } },
    ],
  },
  refusals: [],
  noErrorBody: ANY_FILE,
  deviations: {
    '401': { finding: allowed(401), why: 'after a 4xx everything is allowed' },
    '403': { finding: allowed(403), why: 'after a 4xx everything is allowed' },
    '500 with HTML': { finding: forbidden(500), why: 'after a 5xx nothing is allowed' },
    '503': { finding: forbidden(503), why: 'after a 5xx nothing is allowed' },
    ...inAnyBody({ finding: { outcome: 'ok' }, why: ANY_FILE.never }),
  },
};
