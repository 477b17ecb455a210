import { count, text } from '../metric.js';

const PLACE: readonly [number, number] = [1, 100_000_000];

export const RADAR_METRICS = [
  count('rank', '', 'Place, known for the first hundred domains alone', PLACE),
  count('rank_at_most', '', 'It stands among the first so many domains', PLACE),
  count('rank_above', '', 'It stands behind the first so many domains', PLACE),
  count('category_count', '', 'Categories of the site'),
  text('categories', 'Categories of the site, by name'),
];
