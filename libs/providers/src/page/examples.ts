import { inAnyBody, type ProviderExamples } from '../examples.js';

const questions = [{ surface: 'page', unit: 'https://beans.example/story' }];
const ROBOTS = {
  to: '/robots.txt',
  status: 404,
  body: '',
  headers: { 'content-type': 'text/plain' },
  before: true,
} as const;
const headers = { 'content-type': 'text/html; charset=utf-8' };
const page = (body: string) => [ROBOTS, { body, headers }];
const status = (http_status: number) => ({
  finding: { outcome: 'ok' as const },
  why: `a ${http_status} of a page is a fact about it`,
});
const anyText = { finding: { outcome: 'ok' as const }, why: 'a page holds whatever its owner writes' };

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [ROBOTS, { file: 'article.html', headers }],
    findings: [{ outcome: 'ok' }],
  },
  absent: { never: 'a host that answers has told something about its page' },
  zero: { questions, replies: page('<p>'), findings: [{ outcome: 'ok' }] },
  refusals: [
    {
      name: 'tired of us',
      reply: { status: 429, headers: { ...headers, 'retry-after': '9' }, body: 'later' },
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
  ],
  noErrorBody: { never: 'whatever comes with status 200 is the page' },
  deviations: {
    '401': status(401),
    '403': status(403),
    '500 with HTML': status(500),
    '503': status(503),
    ...inAnyBody(anyText),
  },
};
