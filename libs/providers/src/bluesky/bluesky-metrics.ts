import { count, date, flag } from '../metric.js';

export const PROFILE_METRICS = [
  count('followers', 'accounts', 'Accounts that follow it'),
  count('following', 'accounts', 'Accounts that it follows'),
  count('posts', 'posts', 'Posts of the account'),
  date('created_at', 'When the account was made'),
];
export const LINK_METRICS = [
  count('linking_posts', 'posts', 'Posts that link to the page; Bluesky may round it'),
  flag('capped', 'There may be more than the posts that were counted'),
];
export const BLUESKY_METRICS = [...PROFILE_METRICS, ...LINK_METRICS];
