import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'sharedcount', unit: 'https://www.facebook.com/?a=1&apikey=x' }];
const error = (HTTP_Code: number, Type: string, Error: string) => ({ body: { Error, Type, HTTP_Code } });

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'counts.json' }],
    findings: [
      {
        outcome: 'ok',
        numbers: {
          facebook_total: 660_431_433,
          facebook_reactions: 1_671_960,
          facebook_comments: 174_355,
          facebook_shares: 658_575_283,
          facebook_plugin_comments: 9_835,
          pinterest: 9_745,
        },
      },
    ],
  },
  absent: {
    questions,
    replies: [{ body: { Facebook: null, Pinterest: null } }],
    findings: [{ outcome: 'absent' }],
  },
  zero: {
    questions,
    replies: [{ body: { Facebook: { total_count: 0, share_count: 0 }, Pinterest: 0 } }],
    findings: [{ outcome: 'ok', numbers: { facebook_total: 0, facebook_shares: 0, pinterest: 0 } }],
  },
  refusals: [
    {
      name: 'a wrong key',
      reply: error(401, 'invalid_api_key', 'API key not valid'),
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'the quota of the day',
      reply: error(403, 'quota_exceeded', 'Daily quota exceeded'),
      finding: { outcome: 'failed', class: 'quota' },
    },
    {
      name: 'not a URL',
      reply: error(400, 'invalid_url', 'Not a valid URL.'),
      finding: { outcome: 'failed', class: 'bad_request' },
    },
  ],
};
