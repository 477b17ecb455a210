import type { Example, ExampleReply, ProviderExamples } from '../examples.js';
import { RECORD_TYPES } from './record-types.js';

const questions = [{ surface: 'dns', unit: 'example.com' }];
const DATA: Readonly<Record<string, string>> = {
  A: '93.184.216.34',
  AAAA: '2606:2800:220:1:248:1893:25c8:1946',
  MX: '10 mail.example.com.',
  NS: 'a.iana-servers.net.',
  TXT: 'v=spf1 -all',
};

/** Longer names first: a request for AAAA holds the name A as well. */
function answers(answer: (type: { name: string; number: number }) => object): Example['replies'] {
  return RECORD_TYPES.toSorted((a, b) => b.name.length - a.name.length).map((type): ExampleReply => ({
    to: `type=${type.name}`,
    body: {
      Status: 0,
      TC: false,
      RD: true,
      RA: true,
      AD: true,
      CD: false,
      Question: [{ name: 'example.com.', type: type.number }],
      ...answer(type),
    },
  }));
}

export const examples: ProviderExamples = {
  good: {
    questions,
    replies: answers(({ name, number }) => ({
      Answer: [{ name: 'example.com.', type: number, TTL: 300, data: DATA[name] }],
    })),
    findings: [
      {
        outcome: 'ok',
        ttlMs: 300_000,
        numbers: {
          a_count: 1,
          aaaa_count: 1,
          mx_count: 1,
          ns_count: 1,
          txt_count: 1,
          min_ttl_s: 300,
          dnssec: true,
        },
      },
    ],
  },
  absent: { questions, replies: answers(() => ({ Status: 3 })), findings: [{ outcome: 'absent' }] },
  zero: {
    questions,
    replies: answers(() => ({ AD: false })),
    findings: [
      {
        outcome: 'ok',
        numbers: { a_count: 0, aaaa_count: 0, mx_count: 0, ns_count: 0, txt_count: 0, dnssec: false },
      },
    ],
  },
  refusals: [
    {
      name: 'the name servers do not answer the resolver: no word on the name',
      reply: { body: { Status: 2, TC: false, AD: false, Question: [{ name: 'example.com.', type: 1 }] } },
      finding: { outcome: 'failed', class: 'server' },
    },
    {
      name: 'a name that is none',
      reply: { status: 400, body: { error: 'Invalid domain name' } },
      finding: { outcome: 'failed', class: 'bad_request' },
    },
  ],
};
