import type { ProviderExamples } from '../examples.js';

const own = { surface: 'facebook', unit: 'https://www.facebook.com/' };
const comma = { surface: 'facebook', unit: 'https://example.com/a,b' };
const OWN = { reactions: 514_919_172, comments: 68_687_082, shares: 975_739_682, plugin_comments: 1_641 };

export const examples: ProviderExamples = {
  good: {
    questions: [own, comma],
    replies: [{ file: 'two.json' }],
    findings: [
      { outcome: 'ok', numbers: OWN },
      { outcome: 'ok', numbers: { reactions: 0, comments: 0, shares: 2, plugin_comments: 0 } },
    ],
  },
  absent: { questions: [own], replies: [{ body: { id: own.unit } }], findings: [{ outcome: 'absent' }] },
  zero: {
    questions: [own],
    replies: [{ body: { id: own.unit, engagement: { share_count: 0 } } }],
    findings: [{ outcome: 'ok', numbers: { shares: 0 } }],
  },
  refusals: [
    {
      name: "the app's limit",
      reply: { file: 'limit.json', status: 403 },
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
    {
      name: 'a token that is no more',
      reply: { status: 400, body: { error: { message: 'Error validating access token', code: 190 } } },
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'a parameter that is not understood',
      reply: { status: 400, body: { error: { message: '(#100) Invalid parameter', code: 100 } } },
      finding: { outcome: 'failed', class: 'bad_request' },
    },
    {
      name: 'an error under status 200',
      reply: { body: { error: { message: 'An unknown error occurred', code: 1 } } },
      finding: { outcome: 'failed', class: 'server' },
    },
  ],
  rows: {
    path: [],
    stranger: [
      'https://stranger.example/',
      { id: 'https://stranger.example/', engagement: { share_count: 7 } },
    ],
  },
  deviations: {
    'a JSON text of another shape': {
      finding: { outcome: 'failed', class: 'malformed' },
      why: 'it is an object by id in which no id is ours',
    },
  },
};
