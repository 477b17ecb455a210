import { date, flag } from '../metric.js';

export const PHISH_METRICS = [
  flag('in_database', 'Somebody reported it; what nobody reported is absent'),
  flag('verified', 'Others confirmed the report'),
  flag('valid', 'The report has not been withdrawn'),
  flag('phish', 'Reported, confirmed and valid: counts as phishing'),
  date('verified_at', 'When it was confirmed'),
];
