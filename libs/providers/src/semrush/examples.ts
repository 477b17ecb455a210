import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'semrush.domain', unit: 'example.com' }];
const headers = { 'content-type': 'text/plain; charset=utf-8' };
const HEAD = 'ascore;total;domains_num;urls_num;ips_num;follows_num;nofollows_num';

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'overview.csv', headers }],
    findings: [
      {
        outcome: 'ok',
        numbers: {
          authority_score: 59,
          backlinks: 12_345,
          referring_domains: 678,
          referring_urls: 9_012,
          referring_ips: 512,
          follow_links: 10_100,
          nofollow_links: 2_245,
        },
      },
    ],
  },
  absent: { questions, replies: [{ file: 'nothing-found.txt', headers }], findings: [{ outcome: 'absent' }] },
  zero: {
    questions,
    replies: [{ body: `${HEAD}\n0;0;;;;;\n`, headers }],
    findings: [{ outcome: 'ok', numbers: { authority_score: 0, backlinks: 0 } }],
  },
  refusals: [
    {
      name: 'a wrong key',
      reply: { body: 'ERROR 120 :: WRONG KEY - ID PAIR', headers },
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'units used up',
      reply: { body: 'ERROR 132 :: API UNITS BALANCE IS ZERO', headers },
      finding: { outcome: 'failed', class: 'quota' },
    },
    {
      name: 'something else',
      reply: { body: 'ERROR 500 :: INTERNAL', headers },
      finding: { outcome: 'failed', class: 'server' },
    },
  ],
  deviations: {
    'body cut at 98 %': {
      finding: { outcome: 'ok' },
      why: 'a line of numbers does not show where it ends; that a reply came whole, HTTP tells',
    },
  },
};
