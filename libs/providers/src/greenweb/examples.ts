import type { ProviderExamples } from '../examples.js';

const questions = ['google.com', 'pchome.com'].map((unit) => ({ surface: 'greenweb', unit }));

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'checks.json' }],
    findings: [
      { outcome: 'ok', numbers: { green: true, hosted_by: 'Google Inc.' } },
      { outcome: 'ok', numbers: { green: false } },
    ],
  },
  absent: { never: 'every host has an answer: green, or not known to be' },
  zero: { never: 'no metric is a count' },
  refusals: [
    {
      name: 'hosts that are not understood',
      reply: { status: 400, body: { detail: 'bad list' } },
      finding: { outcome: 'failed', class: 'bad_request' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
  rows: { path: [], stranger: ['stranger.example', { url: 'stranger.example', green: true }] },
};
