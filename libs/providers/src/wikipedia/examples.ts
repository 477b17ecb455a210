import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'wikipedia.url', unit: 'https://d-nb.info/gnd/4079154-3' }];
const error = (code: string, headers = {}) => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: { error: { code, info: 'no' } },
});

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [
      { to: 'euprotocol=http&', file: 'http.json' },
      { to: 'euprotocol=https&', file: 'https.json' },
    ],
    findings: [{ outcome: 'ok', numbers: { articles: 2, capped: true } }],
  },
  absent: { never: 'a page that no article links to is a measured zero' },
  zero: {
    questions,
    replies: [{ body: { batchcomplete: true, query: { exturlusage: [] } } }],
    findings: [{ outcome: 'ok', numbers: { articles: 0, capped: false } }],
  },
  refusals: [
    {
      name: 'the databases lag behind',
      reply: error('maxlag', { 'retry-after': '5' }),
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
    { name: 'too many', reply: error('ratelimited'), finding: { outcome: 'failed', class: 'rate_limited' } },
    {
      name: 'an internal error',
      reply: error('internal_api_error_DBQueryError'),
      finding: { outcome: 'failed', class: 'server' },
    },
    { name: 'a bad query', reply: error('bad_query'), finding: { outcome: 'failed', class: 'bad_request' } },
  ],
};
