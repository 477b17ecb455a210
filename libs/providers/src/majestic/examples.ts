import type { ProviderExamples } from '../examples.js';

const google = { surface: 'majestic.domain', unit: 'google.com' };
const nobody = { surface: 'majestic.url', unit: 'http://nobody.example/' };
const GOOGLE = {
  trust_flow: 99,
  citation_flow: 95,
  backlinks: 338_168_260_414,
  nofollow_backlinks: 47_455_726_843,
  referring_domains: 59_364_262,
  referring_ips: 6_291_489,
  referring_subnets: 749_681,
  referring_domains_edu: 116_318,
  referring_domains_gov: 53_787,
  indexed_urls: 31_890_390_648,
  out_domains: 0,
  out_links: 0,
  topic: 'Computers/Internet/Searching',
  topic_trust_flow: 95,
  title: 'Google',
  estimated: false,
};
const refused = (Code: string) => ({ body: { Code, ErrorMessage: 'no', FullError: 'no', DataTables: {} } });
const row = (Item: string, more = {}) => ({
  ItemNum: 0,
  Item,
  ResultCode: 'OK',
  Status: 'NotFound',
  ...more,
});

export const examples: ProviderExamples = {
  good: {
    questions: [google, nobody],
    replies: [{ file: 'items.json' }],
    findings: [{ outcome: 'ok', numbers: GOOGLE, asOf: '2017-03-12T03:16:03Z' }, { outcome: 'absent' }],
  },
  absent: {
    questions: [{ surface: 'majestic.host', unit: 'www.nobody.example' }],
    replies: [{ body: { Code: 'OK', DataTables: { Results: { Data: [row('www.nobody.example')] } } } }],
    findings: [{ outcome: 'absent' }],
  },
  zero: {
    questions: [google],
    replies: [
      {
        body: {
          Code: 'OK',
          DataTables: {
            Results: { Data: [row('google.com', { Status: 'Found', TrustFlow: 0, RefIPs: '0' })] },
          },
        },
      },
    ],
    findings: [{ outcome: 'ok', numbers: { trust_flow: 0, referring_ips: 0, estimated: false } }],
  },
  refusals: [
    {
      name: 'a key that is not known',
      reply: { file: 'invalid-key.json' },
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'units used up',
      reply: refused('InsufficientIndexItemInfoUnits'),
      finding: { outcome: 'failed', class: 'quota' },
    },
    {
      name: 'something else',
      reply: refused('InternalError'),
      finding: { outcome: 'failed', class: 'server' },
    },
  ],
  rows: { path: ['DataTables', 'Results', 'Data'], stranger: { ...row('stranger.example'), ItemNum: 7 } },
};
