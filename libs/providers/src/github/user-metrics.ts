import { count, date, flag } from '../metric.js';

export const USER_METRICS = [
  count('followers', 'accounts', 'Accounts that follow it'),
  count('following', 'accounts', 'Accounts that it follows'),
  count('public_repos', 'repositories', 'Public repositories'),
  date('created_at', 'When the account was made'),
  flag('organisation', 'It is an organisation, not a person'),
];
