import type { ProviderExamples } from '../examples.js';

const questions = [{ surface: 'rdap', unit: 'example.com' }];
const BOOTSTRAP = { to: 'data.iana.org', file: 'bootstrap.json', before: true } as const;
const headers = { 'content-type': 'application/rdap+json' };
const at = (file: string, status = 200) => ({ to: 'rdap.verisign.com', file, status, headers });

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: [BOOTSTRAP, at('domain.json')],
    findings: [
      {
        outcome: 'ok',
        numbers: {
          age_days: 11_425,
          days_to_expiry: 1_357,
          days_since_change: 832,
          status_count: 1,
          nameserver_count: 1,
          dnssec: true,
          registered_at: '1995-08-14T04:00:00.000Z',
          expires_at: '2030-08-13T04:00:00.000Z',
          changed_at: '2024-08-14T04:00:00.000Z',
        },
      },
    ],
  },
  absent: {
    questions,
    replies: [BOOTSTRAP, { ...at('domain.json', 404), file: 'not-found.json' }],
    findings: [{ outcome: 'absent' }],
  },
  zero: {
    questions,
    replies: [
      BOOTSTRAP,
      {
        to: 'rdap.verisign.com',
        headers,
        body: { objectClassName: 'domain', ldhName: 'example.com', status: [], nameservers: [] },
      },
    ],
    findings: [{ outcome: 'ok', numbers: { status_count: 0, nameserver_count: 0 } }],
  },
  refusals: [
    {
      name: 'a registry that turns away library agents',
      reply: { status: 403, headers, body: { errorCode: 403, title: 'Forbidden' } },
      finding: { outcome: 'failed', class: 'server' },
    },
  ],
  noErrorBody: { never: 'errors come with their own status' },
};
