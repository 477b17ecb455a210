import type { DnsAnswer, DnsRecord, RecordType } from './dns-record.js';

/** Where the addresses of a test name lie. Each list is the answer to A or AAAA. */
interface Addresses {
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
}

const PUBLIC = '93.184.216.34';
const PUBLIC6 = '2606:2800:220:1:248:1893:25c8:1946';

/** Names under `.ssrf.test` that lead to where a fetcher must never go. docs/simulator.md lists them. */
export const SSRF_NAMES: Readonly<Record<string, Addresses>> = {
  private10: { A: ['10.0.0.1'] },
  private172: { A: ['172.16.0.1'] },
  private192: { A: ['192.168.1.1'] },
  loopback: { A: ['127.0.0.1'] },
  'loopback-high': { A: ['127.255.255.254'] },
  'link-local': { A: ['169.254.169.254'] },
  cgnat: { A: ['100.64.0.1'] },
  multicast: { A: ['224.0.0.1'] },
  broadcast: { A: ['255.255.255.255'] },
  zero: { A: ['0.0.0.0'] },
  benchmark: { A: ['198.18.0.1'] },
  loopback6: { AAAA: ['::1'] },
  unspecified6: { AAAA: ['::'] },
  'link-local6': { AAAA: ['fe80::1'] },
  ula: { AAAA: ['fd00::1'] },
  multicast6: { AAAA: ['ff02::1'] },
  mapped: { AAAA: ['::ffff:127.0.0.1'] },
  'mapped-private': { AAAA: ['::ffff:10.0.0.1'] },
  compatible: { AAAA: ['::127.0.0.1'] },
  nat64: { AAAA: ['64:ff9b::7f00:1'] },
  'nat64-local': { AAAA: ['64:ff9b:1::7f00:1'] },
  '6to4': { AAAA: ['2002:7f00:1::1'] },
  teredo: { AAAA: ['2001:0:7f00:1::1'] },
  /** One good address beside a bad one: every address counts. */
  mixed: { A: [PUBLIC, '10.0.0.1'] },
  mixed6: { A: [PUBLIC], AAAA: ['::1'] },
};

/** Public at first, private at each second query: rebinding. `rebind-x.ssrf.test` counts apart. */
const REBINDING = /^rebind(-[a-z0-9-]+)?\.ssrf\.test$/;

/** Answers for the test names; undefined for every other name. */
export function specialRecords(host: string, type: RecordType, nth: number): DnsAnswer | undefined {
  if (host === 'servfail.dns.test') return answer('servfail');
  if (host === 'nxdomain.dns.test') return answer('nxdomain');
  if (host === 'nodata.dns.test') return answer('noerror');
  if (REBINDING.test(host)) return at(host, type, { A: [nth % 2 === 0 ? PUBLIC : '127.0.0.1'] });
  if (!host.endsWith('.ssrf.test')) return undefined;
  const label = host.slice(0, -'.ssrf.test'.length);
  const known = SSRF_NAMES[label];
  if (known) return at(host, type, known);
  return at(host, type, { A: [PUBLIC], AAAA: [PUBLIC6] });
}

/** True for hosts to which no request may ever come: whoever sees one has found a hole in the guard. */
export function isForbiddenHost(host: string): boolean {
  const label = host.endsWith('.ssrf.test') ? host.slice(0, -'.ssrf.test'.length) : undefined;
  if (label !== undefined) return label in SSRF_NAMES;
  return /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|0\.|\[)/.test(host);
}

function at(host: string, type: RecordType, addresses: Addresses): DnsAnswer {
  const data = type === 'A' ? addresses.A : type === 'AAAA' ? addresses.AAAA : undefined;
  const records: DnsRecord[] = (data ?? []).map((value) => ({ name: host, type, ttl: 1, data: value }));
  return { status: 'noerror', authenticated: false, records };
}

function answer(status: DnsAnswer['status']): DnsAnswer {
  return { status, authenticated: false, records: [] };
}
