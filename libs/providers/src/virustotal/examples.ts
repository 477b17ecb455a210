import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'virustotal.url', unit: 'http://www.google.com/' }];
const error = (status: number, code: string, message: string) => ({
  status,
  body: { error: { code, message } },
});
const NUMBERS = {
  malicious: 0,
  suspicious: 0,
  harmless: 73,
  undetected: 6,
  timeouts: 0,
  reputation: 0,
  times_submitted: 98_066,
  votes_harmless: 1,
  votes_malicious: 0,
  http_status: 200,
  analysed_at: '2020-04-23T15:05:21.000Z',
};

export const examples: ProviderExamples = {
  good: { questions, replies: [{ file: 'url.json' }], findings: [{ outcome: 'ok', numbers: NUMBERS }] },
  absent: {
    questions,
    replies: [{ file: 'not-found.json', status: 404 }],
    findings: [{ outcome: 'absent' }],
  },
  zero: { questions, replies: [{ file: 'url.json' }], findings: [{ outcome: 'ok', numbers: NUMBERS }] },
  refusals: [
    {
      name: 'a wrong key',
      reply: error(401, 'WrongCredentialsError', 'Wrong API key'),
      finding: { outcome: 'failed', class: 'auth' },
    },
    {
      name: 'the quota of the day',
      reply: error(429, 'QuotaExceededError', 'Quota exceeded'),
      finding: { outcome: 'failed', class: 'quota' },
    },
    {
      name: 'too many at once',
      reply: error(429, 'TooManyRequestsError', 'Too many requests'),
      finding: { outcome: 'failed', class: 'rate_limited' },
    },
    {
      name: 'a fault that passes',
      reply: error(503, 'TransientError', 'Transient server error'),
      finding: { outcome: 'failed', class: 'server' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
};
