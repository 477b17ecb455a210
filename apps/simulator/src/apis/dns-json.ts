import { none, type Truth } from '../truth/expected.js';
import type { Api } from './api.js';
import { RECORD_TYPES, type DnsAnswer, type RecordType } from '../world/dns-record.js';
import { resolve } from '../world/resolve.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';

const STATUS = { noerror: 0, servfail: 2, nxdomain: 3 } as const;
const TYPE_BY_NUMBER = new Map(Object.entries(RECORD_TYPES).map(([name, number]) => [String(number), name]));

const WORDS: ProviderWords = {
  tooMany: () => page(429, 'Too Many Requests'),
  broken: (status) => page(status, 'Server Error'),
  unauthorised: () => page(403, 'Forbidden'),
};

/** DNS over HTTPS in its JSON form; 20 questions a second. */
export const dns: Api = {
  id: 'dns',
  hosts: ['dns.google', 'cloudflare-dns.com'],
  exchange: lookup,
  truth: dnsTruth,
};

function lookup(request: WireRequest): Exchange {
  const name = (request.query.get('name') ?? '').toLowerCase().replace(/\.$/, '');
  const type = typeOf(request.query.get('type') ?? 'A');
  const refused = refusal(request, name, type);
  return {
    provider: 'dns',
    asked: [{ surface: 'dns', unit: name }],
    unit: name,
    limit: { key: `dns|${request.host}`, windows: [{ permits: 20, perMs: 1_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(name, type as RecordType),
    words: WORDS,
  };
}

function typeOf(asked: string): RecordType | undefined {
  const name = TYPE_BY_NUMBER.get(asked) ?? asked.toUpperCase();
  return name in RECORD_TYPES ? (name as RecordType) : undefined;
}

function refusal(request: WireRequest, name: string, type: RecordType | undefined): WireAnswer | undefined {
  const path = request.host === 'dns.google' ? '/resolve' : '/dns-query';
  if (request.path !== path) return page(404, 'Not Found');
  const accepts = String(request.headers.accept ?? '').includes('application/dns-json');
  if (request.host !== 'dns.google' && !accepts) return page(400, 'Bad Request');
  const labels = name.split('.');
  const bad = name === '' || name.length > 253 || labels.some((label) => label === '' || label.length > 63);
  return bad || !type ? json(400, { error: 'Invalid query' }) : undefined;
}

function answerOf(name: string, type: RecordType): WireAnswer {
  const found = resolve(name, type);
  const body = {
    Status: STATUS[found.status],
    TC: false,
    RD: true,
    RA: true,
    AD: found.authenticated,
    CD: false,
    Question: [{ name: `${name}.`, type: RECORD_TYPES[type] }],
    ...sections(found, name, type),
  };
  return json(200, body, 'application/dns-json; charset=utf-8');
}

/** Records, or where there are none of this type, the zone's SOA as the authority. */
function sections(found: DnsAnswer, name: string, type: RecordType): Record<string, unknown> {
  const records = found.records.map((record) => ({
    name: `${record.name}.`,
    type: RECORD_TYPES[record.type],
    TTL: record.ttl,
    data: withDot(record.type, record.data),
  }));
  if (records.length > 0) return { Answer: records };
  const data = `ns1.${name}. hostmaster.${name}. 2026110101 7200 3600 1209600 300`;
  return type === 'SOA' ? {} : { Authority: [{ name: `${name}.`, type: RECORD_TYPES.SOA, TTL: 300, data }] };
}

function withDot(type: RecordType, data: string): string {
  return type === 'CNAME' || type === 'NS' || type === 'MX' ? `${data}.` : data;
}

function dnsTruth(unit: string): Truth {
  const of = (type: RecordType) => resolve(unit, type);
  const address = of('A');
  if (address.status === 'nxdomain') return none('absent', 'nxdomain');
  if (address.status === 'servfail') return none('failed', 'servfail');
  const counts = (['A', 'AAAA', 'MX', 'NS', 'TXT'] as const).map((type) => {
    const records = of(type).records.filter((record) => record.type === type);
    return {
      name: `${type.toLowerCase()}_count`,
      count: records.length,
      ttls: records.map(({ ttl }) => ttl),
    };
  });
  const ttls = counts.flatMap((one) => one.ttls);
  const numbers = Object.fromEntries(counts.map(({ name, count }) => [name, count]));
  return {
    outcome: 'ok',
    numbers: {
      ...numbers,
      dnssec: address.authenticated,
      ...(ttls.length > 0 && { min_ttl_s: Math.min(...ttls) }),
    },
  };
}
