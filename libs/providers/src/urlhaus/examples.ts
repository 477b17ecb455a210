import type { ProviderExamples } from '../examples.js';

const url = { surface: 'urlhaus.url', unit: 'http://sskymedia.com/VMYB-ht_JAQo-gi/' };
const host = { surface: 'urlhaus.host', unit: 'vektorex.com' };

export const examples: ProviderExamples = {
  good: {
    questions: [url],
    replies: [{ file: 'url.json' }],
    findings: [
      {
        outcome: 'ok',
        numbers: {
          listed: true,
          online: true,
          threat: 'malware_download',
          blacklist_count: 2,
          tag_count: 3,
          payload_count: 1,
          added_at: '2019-01-19T01:33:26.000Z',
        },
      },
    ],
  },
  absent: { questions: [url], replies: [{ file: 'no-results.json' }], findings: [{ outcome: 'absent' }] },
  zero: {
    questions: [host],
    replies: [{ file: 'host.json' }],
    findings: [
      {
        outcome: 'ok',
        numbers: { listed: true, blacklist_count: 0, url_count: 1, added_at: '2019-01-15T07:09:01.000Z' },
      },
    ],
  },
  refusals: [
    {
      name: 'not a URL',
      reply: { body: { query_status: 'invalid_url' } },
      finding: { outcome: 'failed', class: 'bad_request' },
    },
    {
      name: 'an unknown key',
      reply: { body: { query_status: 'unknown_auth_key' } },
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'no key',
      reply: { status: 401, body: { error: 'Unauthorized' } },
      finding: { outcome: 'failed', class: 'auth' },
    },
  ],
};
