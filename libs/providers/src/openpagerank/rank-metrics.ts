import { count, score } from '../metric.js';

/** Numbers that stand in a row under these names. */
export const RANK_METRICS = [
  score('open_page_rank', 'Authority, 0 to 10', [0, 10]),
  count('rank', '', 'Place among all domains; 1 is the first', [1, Number.MAX_SAFE_INTEGER]),
  count('referring_domains', 'domains', 'Domains that link here, weighted by authority'),
];
