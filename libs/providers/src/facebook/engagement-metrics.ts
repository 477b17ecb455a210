import { count } from '../metric.js';

export const ENGAGEMENT_METRICS = [
  count('reactions', '', 'Reactions on Facebook'),
  count('comments', '', 'Comments on Facebook'),
  count('shares', '', 'Shares on Facebook'),
  count('plugin_comments', '', "Comments through Facebook's comment plugin on the page"),
];
