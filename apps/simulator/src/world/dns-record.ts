export const RECORD_TYPES = { A: 1, NS: 2, CNAME: 5, SOA: 6, MX: 15, TXT: 16, AAAA: 28 } as const;
export type RecordType = keyof typeof RECORD_TYPES;

export interface DnsRecord {
  readonly name: string;
  readonly type: RecordType;
  readonly ttl: number;
  /** As it stands in a zone file: `10 mail.example.com`, `93.184.216.34`. */
  readonly data: string;
}

/** Answer of a resolver. `records` may start with CNAMEs; empty with noerror: no such type here. */
export interface DnsAnswer {
  readonly status: 'noerror' | 'servfail' | 'nxdomain';
  readonly authenticated: boolean;
  readonly records: readonly DnsRecord[];
}
