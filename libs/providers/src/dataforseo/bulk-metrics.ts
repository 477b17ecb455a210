import { count } from '../metric.js';

const HUNDRED: readonly [number, number] = [0, 100];

/** Endpoints of one batch, and the metrics that the items of each give. */
export const ENDPOINTS = [
  { path: 'bulk_ranks', ids: ['rank'] },
  { path: 'bulk_spam_score', ids: ['spam_score'] },
  { path: 'bulk_backlinks', ids: ['backlinks'] },
  {
    path: 'bulk_referring_domains',
    ids: ['referring_domains', 'referring_domains_nofollow', 'referring_main_domains'],
  },
] as const;

export const BULK_METRICS = [
  count('rank', '', 'Strength by links, 0 to 100', HUNDRED),
  count('spam_score', '', 'Likelihood of spam, 0 to 100', HUNDRED),
  count('backlinks', 'links', 'Links to it'),
  count('referring_domains', 'domains', 'Domains and hosts that link to it'),
  count('referring_domains_nofollow', 'domains', 'Of these, those with at least one nofollow link'),
  count('referring_main_domains', 'domains', 'Registrable domains that link to it'),
];
