import { flag, score, text } from '../metric.js';

const PERCENT: readonly [number, number] = [0, 100];
/** Ten minutes: Lighthouse gives up long before. */
const MS: readonly [number, number] = [0, 600_000];

export const LIGHTHOUSE_METRICS = [
  score('performance', 'Lighthouse performance, out of 100', PERCENT),
  score('accessibility', 'Lighthouse accessibility, out of 100', PERCENT),
  score('best_practices', 'Lighthouse best practices, out of 100', PERCENT),
  score('seo', 'Lighthouse SEO, out of 100', PERCENT),
  score('lab_lcp_ms', 'Largest contentful paint in the test run, ms', MS),
  score('lab_cls', 'Layout shift in the test run', [0, 1_000]),
  score('lab_tbt_ms', 'Time the main thread was blocked in the test run, ms', MS),
  score('lab_ttfb_ms', 'Time until the server answered in the test run, ms', MS),
  score('field_lcp_ms', 'Largest contentful paint of real visitors, 75th percentile, ms', MS),
  score('field_inp_ms', 'Interaction to next paint of real visitors, 75th percentile, ms', MS),
  score('field_cls', 'Layout shift of real visitors, 75th percentile', [0, 1_000]),
  text('field_verdict', 'FAST, AVERAGE or SLOW for real visitors'),
  flag('field_is_origin', 'The numbers of real visitors are those of the whole origin'),
];
