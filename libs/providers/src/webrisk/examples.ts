import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'webrisk', unit: 'http://www.urltocheck1.org/?a=1&b=2' }];
const body = (code: number, status: string, message: string) => ({ error: { code, message, status } });
const CLEAN = { threats: 0, malware: false, social_engineering: false, unwanted_software: false };

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [{ file: 'match.json' }],
    findings: [{ outcome: 'ok', numbers: { ...CLEAN, threats: 1, malware: true }, ttlMs: 300_045 }],
  },
  absent: { never: 'a URL that is not listed is a measured zero' },
  zero: { questions, replies: [{ file: 'clean.json' }], findings: [{ outcome: 'ok', numbers: CLEAN }] },
  refusals: [
    {
      name: 'a key that is not valid',
      reply: {
        status: 400,
        body: body(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'),
      },
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'too many in a minute',
      reply: {
        status: 429,
        body: body(
          429,
          'RESOURCE_EXHAUSTED',
          "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute'",
        ),
      },
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
    {
      name: 'an error under status 200',
      reply: { body: body(503, 'UNAVAILABLE', 'The service is currently unavailable.') },
      finding: { outcome: 'failed', class: 'server' },
    },
  ],
};
