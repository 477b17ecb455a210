import { count } from '../metric.js';

/** Columns that are exported, by the metric each gives. */
export const COLUMNS = {
  authority_score: 'ascore',
  backlinks: 'total',
  referring_domains: 'domains_num',
  referring_urls: 'urls_num',
  referring_ips: 'ips_num',
  follow_links: 'follows_num',
  nofollow_links: 'nofollows_num',
} as const;

export const OVERVIEW_METRICS = [
  count('authority_score', '', 'Strength and trust, 0 to 100', [0, 100]),
  count('backlinks', 'links', 'Links to it'),
  count('referring_domains', 'domains', 'Domains that link to it'),
  count('referring_urls', 'URLs', 'Pages that link to it'),
  count('referring_ips', 'addresses', 'IP addresses that link to it'),
  count('follow_links', 'links', 'Links without nofollow'),
  count('nofollow_links', 'links', 'Links with nofollow'),
];
