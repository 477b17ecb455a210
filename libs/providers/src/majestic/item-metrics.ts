import { count, flag, text } from '../metric.js';

const FLOW: readonly [number, number] = [0, 100];

/** Metrics that Majestic gives as they are, by its own names. */
export const FIELDS = {
  trust_flow: 'TrustFlow',
  citation_flow: 'CitationFlow',
  backlinks: 'ExtBackLinks',
  nofollow_backlinks: 'NonUniqueLinkTypeNoFollow',
  referring_domains: 'RefDomains',
  referring_ips: 'RefIPs',
  referring_subnets: 'RefSubNets',
  referring_domains_edu: 'RefDomainsEDU',
  referring_domains_gov: 'RefDomainsGOV',
  indexed_urls: 'IndexedURLs',
  out_domains: 'OutDomainsExternal',
  out_links: 'OutLinksExternal',
  topic_trust_flow: 'TopicalTrustFlow_Value_0',
} as const;

export const ITEM_METRICS = [
  count('trust_flow', '', 'Quality of the links, 0 to 100', FLOW),
  count('citation_flow', '', 'Quantity of the links, 0 to 100', FLOW),
  count('backlinks', 'links', 'Links from other sites'),
  count('nofollow_backlinks', 'links', 'Links from other sites that carry nofollow'),
  count('referring_domains', 'domains', 'Domains that link to it'),
  count('referring_ips', 'addresses', 'IP addresses that link to it'),
  count('referring_subnets', 'subnets', 'Class C subnets that link to it'),
  count('referring_domains_edu', 'domains', 'Educational domains that link to it'),
  count('referring_domains_gov', 'domains', 'Governmental domains that link to it'),
  count('indexed_urls', 'URLs', 'Its URLs in the index'),
  count('out_domains', 'domains', 'Domains that it links to'),
  count('out_links', 'links', 'Links to other sites'),
  count('topic_trust_flow', '', 'Trust flow within its main topic, 0 to 100', FLOW),
  text('topic', 'Main topic of the sites that link to it'),
  text('title', 'Title of the page when it was crawled'),
  flag('estimated', 'The numbers are an estimate: the item may not be in the index itself'),
];
