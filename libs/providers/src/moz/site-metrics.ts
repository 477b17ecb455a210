import { count, score, text } from '../metric.js';
import type { MetricDefinition } from '../provider.js';

const TARGETS = [
  ['page', 'the page'],
  ['subdomain', 'the host'],
  ['root_domain', 'the domain'],
] as const;

/** Counts that the index keeps for links into a page, a host and a domain. */
const INBOUND = [
  ['pages', 'pages', 'Pages that link to'],
  ['nofollow_pages', 'pages', 'Pages with a nofollow link to'],
  ['redirect_pages', 'pages', 'Pages that redirect to'],
  ['external_pages', 'pages', 'Pages of other domains that link to'],
  ['external_nofollow_pages', 'pages', 'Pages of other domains with a nofollow link to'],
  ['external_redirect_pages', 'pages', 'Pages of other domains that redirect to'],
  ['deleted_pages', 'pages', 'Pages that linked, and are gone or link no more, to'],
  ['root_domains', 'domains', 'Domains that link to'],
  ['indirect_root_domains', 'domains', 'Domains that link through a redirect to'],
  ['deleted_root_domains', 'domains', 'Domains that linked, and link no more, to'],
  ['nofollow_root_domains', 'domains', 'Domains with only nofollow links to'],
] as const;

const inbound = TARGETS.flatMap(([target, place]) =>
  INBOUND.map(([id, unit, meaning]) => count(`${id}_to_${target}`, unit, `${meaning} ${place}`)),
);

const outbound = [
  count('pages_from_page', 'pages', 'Pages that the page links to'),
  count('nofollow_pages_from_page', 'pages', 'Pages that the page links to with nofollow'),
  count('root_domains_from_page', 'domains', 'Domains that the page links to'),
  count('nofollow_root_domains_from_page', 'domains', 'Domains that the page links to with nofollow only'),
  count('root_domains_from_root_domain', 'domains', 'Domains that the domain links to'),
  count(
    'nofollow_root_domains_from_root_domain',
    'domains',
    'Domains that the domain links to with nofollow only',
  ),
  count('pages_crawled_from_root_domain', 'pages', 'Pages of the domain in the index'),
];

/** What stands in `site_metrics` under the same names. A metric that an answer lacks is left out. */
export const SITE_METRICS: readonly MetricDefinition[] = [
  count('page_authority', '', 'Page Authority, 0 to 100', [0, 100]),
  count('domain_authority', '', 'Domain Authority of the registrable domain, 0 to 100', [0, 100]),
  count('spam_score', '%', 'Share of sites with these features that were penalised', [0, 100]),
  score('link_propensity', 'Share of linked domains to pages of the domain', [0, Number.MAX_SAFE_INTEGER]),
  ...inbound,
  ...outbound,
  count('http_code', '', 'HTTP status when the page was last crawled', [100, 599]),
  text('title', 'Title when the page was last crawled'),
];
