import { score } from '../metric.js';

const MS: readonly [number, number] = [0, 600_000];
const SHARE: readonly [number, number] = [0, 1];

export const EXPERIENCE_METRICS = [
  score('lcp_ms', 'Largest contentful paint, 75th percentile of visits, ms', MS),
  score('inp_ms', 'Interaction to next paint, 75th percentile, ms', MS),
  score('cls', 'Cumulative layout shift, 75th percentile', [0, 1_000]),
  score('ttfb_ms', 'Time to first byte, 75th percentile, ms', MS),
  score('lcp_good', 'Share of visits with a good largest contentful paint', SHARE),
  score('inp_good', 'Share of visits with a good interaction to next paint', SHARE),
  score('cls_good', 'Share of visits with a good layout shift', SHARE),
];
