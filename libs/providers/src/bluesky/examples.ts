import type { ProviderExamples } from '../examples.js';

const [a, b] = ['a.bsky.social', 'b.com'].map((unit) => ({ surface: 'bluesky.profile', unit }));
const page = { surface: 'bluesky.links', unit: 'https://example.com/?a=1' };
const EMPTY = { followers: 0, following: 0, posts: 0, created_at: '2024-11-01T00:00:00.000Z' };

export const examples: ProviderExamples = {
  good: {
    questions: [a!, b!],
    replies: [{ file: 'profiles.json' }],
    findings: [
      {
        outcome: 'ok',
        numbers: { followers: 10, following: 5, posts: 99, created_at: '2023-04-12T04:53:57.057Z' },
      },
      { outcome: 'ok', numbers: EMPTY },
    ],
  },
  absent: { questions: [a!], replies: [{ body: { profiles: [] } }], findings: [{ outcome: 'absent' }] },
  zero: {
    questions: [page],
    replies: [{ body: { hitsTotal: 0, posts: [] } }],
    findings: [{ outcome: 'ok', numbers: { linking_posts: 0, capped: false } }],
  },
  refusals: [
    {
      name: 'a request that is not understood',
      reply: { status: 400, body: { error: 'InvalidRequest', message: 'actors must be handles' } },
      finding: { outcome: 'failed', class: 'bad_request' },
    },
    {
      name: 'anonymous search refused',
      reply: { status: 403, body: { error: 'AuthMissing', message: 'Forbidden' } },
      finding: { outcome: 'failed', class: 'auth' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
  rows: {
    path: ['profiles'],
    stranger: { did: 'did:plc:stranger', handle: 'stranger.example', followersCount: 7 },
  },
};
