import { count } from '../metric.js';

export const SHARE_METRICS = [
  count('total', '', 'Shares and clicks together'),
  count('shares', '', 'Shares over all networks'),
  count('clicks', '', 'Clicks on what was shared'),
];
