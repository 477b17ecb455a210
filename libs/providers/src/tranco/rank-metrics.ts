import { count } from '../metric.js';

const PLACE: readonly [number, number] = [1, 100_000_000];

export const RANK_METRICS = [
  count('rank', '', 'Place among the most popular domains, on the newest list', PLACE),
  count('best_rank_30d', '', 'Best place in the 30 days up to it', PLACE),
  count('worst_rank_30d', '', 'Worst place in the 30 days up to it', PLACE),
  count('days_ranked_30d', 'days', 'Days of these 30 on which it had a place', [1, 30]),
];
