import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'stackexchange', unit: 'https://example.com/?a=1&site=x' }];

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'total.json' }],
    findings: [{ outcome: 'ok', numbers: { posts: 42 } }],
  },
  absent: { never: 'a page that no question links to is a measured zero' },
  zero: {
    questions,
    replies: [{ body: { total: 0 } }],
    findings: [{ outcome: 'ok', numbers: { posts: 0 } }],
  },
  refusals: [
    {
      name: 'a throttle, as 400',
      reply: { file: 'throttle.json', status: 400 },
      finding: { outcome: 'failed', class: 'quota' },
    },
    {
      name: 'a key that is not known',
      reply: {
        status: 400,
        body: {
          error_id: 400,
          error_name: 'bad_parameter',
          error_message: "`key` doesn't match a known application",
        },
      },
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'an error under status 200',
      reply: { body: { error_id: 500, error_name: 'internal_error', error_message: 'no' } },
      finding: { outcome: 'failed', class: 'server' },
    },
    {
      name: 'an address that is banned, with a web page',
      reply: { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>banned</html>' },
      finding: { outcome: 'failed', class: 'server' },
    },
  ],
};
