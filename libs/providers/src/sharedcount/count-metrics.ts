import { count } from '../metric.js';

export const COUNT_METRICS = [
  count('facebook_total', '', 'Shares, reactions and comments on Facebook together'),
  count('facebook_reactions', '', 'Reactions on Facebook'),
  count('facebook_comments', '', 'Comments on Facebook'),
  count('facebook_shares', '', 'Shares on Facebook'),
  count('facebook_plugin_comments', '', "Comments through Facebook's comment plugin on the page"),
  count('pinterest', 'pins', 'Pins on Pinterest'),
];
