import { count, score } from '../metric.js';

const RATING: readonly [number, number] = [0, 100];

/** Metric id to the field that is selected for it. */
export const SELECT = {
  url_rating: 'url_rating',
  domain_rating: 'domain_rating',
  ahrefs_rank: 'ahrefs_rank',
  backlinks: 'backlinks',
  referring_domains: 'refdomains',
  organic_traffic: 'org_traffic',
} as const;

export const BATCH_METRICS = [
  score('url_rating', 'Strength of the page by its links, 0 to 100', RATING),
  score('domain_rating', 'Strength of the domain by its links, 0 to 100', RATING),
  count('ahrefs_rank', '', 'Place of the domain among all, by its rating', [1, Number.MAX_SAFE_INTEGER]),
  count('backlinks', 'links', 'Links to it'),
  count('referring_domains', 'domains', 'Domains that link to it'),
  count('organic_traffic', 'visits', 'Estimated visits a month from search engines'),
];
