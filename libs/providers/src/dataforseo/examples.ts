import type { Example, ProviderExamples } from '../examples.js';

const forbes = { surface: 'dataforseo.domain', unit: 'forbes.com' };
const iphone = { surface: 'dataforseo.url', unit: 'https://www.apple.com/iphone/' };
const REPLIES: Example['replies'] = [
  { to: '/bulk_ranks/', file: 'ranks.json' },
  { to: '/bulk_spam_score/', file: 'spam-score.json' },
  { to: '/bulk_backlinks/', file: 'backlinks.json' },
  { to: '/bulk_referring_domains/', file: 'referring-domains.json' },
];
const answer = (item: object) => ({
  body: {
    status_code: 20_000,
    tasks: [{ status_code: 20_000, result: [{ items: [{ target: forbes.unit, ...item }] }] }],
  },
});
const refused = (code: number) => ({ body: { status_code: code, status_message: 'no', tasks: null } });
const refusedTask = (status_code: number) => ({
  body: { status_code: 20_000, tasks: [{ status_code, status_message: 'no', result: null }] },
});

export const examples: ProviderExamples = {
  good: {
    questions: [forbes, iphone],
    replies: REPLIES,
    findings: [
      {
        outcome: 'ok',
        numbers: {
          rank: 95,
          spam_score: 0,
          backlinks: 438_120_931,
          referring_domains: 1_020_934,
          referring_domains_nofollow: 221_300,
          referring_main_domains: 911_034,
        },
      },
      {
        outcome: 'ok',
        numbers: {
          rank: 71,
          spam_score: 4,
          backlinks: 190_211,
          referring_domains: 12_093,
          referring_domains_nofollow: 3_010,
          referring_main_domains: 11_020,
        },
      },
    ],
  },
  absent: { questions: [forbes], replies: [answer({ rank: null })], findings: [{ outcome: 'absent' }] },
  zero: {
    questions: [forbes],
    replies: [answer({ rank: 0, backlinks: 0 })],
    findings: [{ outcome: 'ok', numbers: { rank: 0, backlinks: 0 } }],
  },
  refusals: [
    { name: 'a wrong login', reply: refused(40_100), finding: { outcome: 'failed', class: 'auth' } },
    { name: 'no money left', reply: refused(40_200), finding: { outcome: 'failed', class: 'quota' } },
    { name: 'too fast', reply: refusedTask(40_202), finding: { outcome: 'failed', class: 'rate_limited' } },
    {
      name: 'no subscription, told in the task',
      reply: refusedTask(40_204),
      finding: { outcome: 'failed', class: 'quota' },
    },
    {
      name: 'overloaded upstream',
      reply: refusedTask(50_301),
      finding: { outcome: 'failed', class: 'server' },
    },
  ],
  rows: {
    path: ['tasks', '0', 'result', '0', 'items'],
    stranger: { target: 'stranger.example', rank: 1, backlinks: 1 },
  },
};
