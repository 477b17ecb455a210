import type { DnsAnswer, DnsRecord, RecordType } from './dns-record.js';
import { classOf, registrableDomain } from './domain-class.js';
import { draws, hash32, share } from './hash.js';
import { nameserversOf } from './registration.js';
import { specialRecords } from './special-names.js';

/** Ranges of ordinary public hosts. Nothing is ever sent there: every connection ends at the simulator. */
const V4 = ['93.184', '151.101', '104.18', '185.60', '23.45', '52.84', '141.95', '65.21'];
const V6 = ['2606:2800:220', '2a04:4e42:600', '2a00:1450:400', '2a01:4f9:c01'];
const TTLS = [60, 300, 300, 600, 3_600, 3_600, 14_400, 86_400];

/** Deterministic; `nth` counts queries for this name and matters to the rebinding names alone. */
export function resolve(name: string, type: RecordType, nth = 0): DnsAnswer {
  const host = name.toLowerCase().replace(/\.$/, '');
  const special = specialRecords(host, type, nth);
  if (special) return special;
  const domain = registrableDomain(host);
  if (classOf(domain) === 'dead') return { status: 'nxdomain', authenticated: false, records: [] };
  const ttl = TTLS[hash32(`ttl|${domain}`) % TTLS.length] as number;
  const alias = aliasOf(host, domain);
  const records = dataOf(alias ?? host, domain, type).map((data) => ({
    name: alias ?? host,
    type,
    ttl,
    data,
  }));
  const chain: DnsRecord[] = alias ? [{ name: host, type: 'CNAME', ttl, data: alias }] : [];
  return { status: 'noerror', authenticated: share(domain, 'dnssec') < 0.2, records: [...chain, ...records] };
}

function aliasOf(host: string, domain: string): string | undefined {
  if (host === domain || share(host, 'alias') > 0.25) return undefined;
  return `edge-${hash32(host).toString(36)}.cdn-hosting.net`;
}

function dataOf(name: string, domain: string, type: RecordType): string[] {
  if (type === 'A') return addressesOf(name, domain);
  if (type === 'AAAA') return share(name, 'v6') < 0.55 ? [v6Of(name)] : [];
  if (name !== domain) return [];
  if (type === 'NS') return nameserversOf(domain);
  if (type === 'MX') return mailOf(domain);
  return type === 'TXT' ? textsOf(domain) : [];
}

function addressesOf(name: string, domain: string): string[] {
  const count = classOf(domain) === 'popular' ? 1 + (hash32(`a|${name}`) % 4) : 1;
  return Array.from({ length: count }, (_, index) => {
    const bits = hash32(`a${index}|${name}`);
    return `${V4[bits % V4.length]}.${(bits >>> 8) % 254}.${1 + ((bits >>> 16) % 253)}`;
  });
}

function v6Of(name: string): string {
  const bits = hash32(`aaaa|${name}`);
  return `${V6[bits % V6.length]}::${((bits >>> 4) % 0xffff).toString(16)}:${(1 + ((bits >>> 16) % 0xfffe)).toString(16)}`;
}

function mailOf(domain: string): string[] {
  const draw = draws(`mx|${domain}`);
  const is = classOf(domain);
  if (draw.chance(is === 'spam' ? 0.6 : is === 'young' ? 0.4 : 0.1)) return [];
  return Array.from({ length: draw.int(1, 5) }, (_, index) => `${(index + 1) * 10} mx${index + 1}.${domain}`);
}

function textsOf(domain: string): string[] {
  const draw = draws(`txt|${domain}`);
  const is = classOf(domain);
  if (draw.chance(is === 'spam' ? 0.5 : 0.1)) return [];
  const proofs = Array.from({ length: draw.int(0, is === 'popular' ? 9 : 3) }, (_, index) => {
    return `site-verification=${hash32(`${index}|${domain}`).toString(36)}`;
  });
  return ['v=spf1 mx -all', ...proofs];
}
