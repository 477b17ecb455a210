import type { ProviderExamples } from '../examples.js';

const bad = { surface: 'safebrowsing', unit: 'http://www.urltocheck1.org/' };
const good = { surface: 'safebrowsing', unit: 'http://www.urltocheck2.org/' };
const CLEAN = {
  threats: 0,
  match_count: 0,
  malware: false,
  social_engineering: false,
  unwanted_software: false,
  potentially_harmful_application: false,
};
const error = (code: number, status: string, message: string) => ({ error: { code, message, status } });

export const examples: ProviderExamples = {
  good: {
    questions: [bad, good],
    replies: [{ file: 'match.json' }],
    findings: [
      { outcome: 'ok', ttlMs: 300_000, numbers: { ...CLEAN, threats: 1, match_count: 1, malware: true } },
      { outcome: 'ok', numbers: CLEAN },
    ],
  },
  absent: { never: 'a URL that is not listed is a measured zero' },
  zero: { questions: [good], replies: [{ body: {} }], findings: [{ outcome: 'ok', numbers: CLEAN }] },
  refusals: [
    {
      name: 'too many in a minute',
      reply: { file: 'exhausted.json', status: 429 },
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
    {
      name: 'a key that is not valid',
      reply: {
        status: 400,
        body: error(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'),
      },
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'an error under status 200',
      reply: { body: error(503, 'UNAVAILABLE', 'The service is currently unavailable.') },
      finding: { outcome: 'failed', class: 'server' },
    },
  ],
  rows: {
    path: ['matches'],
    stranger: { threatType: 'MALWARE', threat: { url: 'http://stranger.example/' }, cacheDuration: '300s' },
  },
  deviations: {
    'each row twice': {
      finding: { outcome: 'ok' },
      why: 'a URL may match several entries, each of which counts',
    },
    'a stranger': {
      finding: {},
      why: 'a match about a URL that nobody asked means that silence about ours is worth nothing',
    },
    'a row missing': {
      finding: { outcome: 'ok' },
      why: 'silence about a URL is the answer that it is not listed',
    },
  },
};
