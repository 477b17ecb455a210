import { count, date } from '../metric.js';

export const ACCOUNT_METRICS = [
  count('followers', 'accounts', 'Accounts that follow it'),
  count('following', 'accounts', 'Accounts that it follows'),
  count('posts', 'posts', 'Posts of the account'),
  date('created_at', 'When the account was made'),
];
