/** What is looked up for a host, in the order of requests, with the numbers of RFC 1035 and 3596. */
export const RECORD_TYPES = [
  { name: 'A', number: 1, metric: 'a_count' },
  { name: 'AAAA', number: 28, metric: 'aaaa_count' },
  { name: 'MX', number: 15, metric: 'mx_count' },
  { name: 'NS', number: 2, metric: 'ns_count' },
  { name: 'TXT', number: 16, metric: 'txt_count' },
] as const;

export type RecordType = (typeof RECORD_TYPES)[number];
