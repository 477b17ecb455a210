import type { ExampleReply, Never, ProviderExamples } from '../examples.js';

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
    ...Object.fromEntries(
      [
        '200 with HTML',
        'empty body',
        'body cut at 25 %',
        'body cut at 50 %',
        'body cut at 75 %',
        'body cut at 98 %',
        'body over the cap',
        'deeply nested JSON',
        'deeply nested JSON that ends',
        'NaN for a number',
        'noise',
        'a JSON text of another shape',
        'JSON null',
      ].map((name) => [name, { finding: { outcome: 'ok' as const }, why: ANY_FILE.never }]),
    ),
  },
};
