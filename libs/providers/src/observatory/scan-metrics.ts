import { count, text } from '../metric.js';

export const SCAN_METRICS = [
  count('score', '', 'Security of the headers, 0 to 145', [0, 145]),
  text('grade', 'The score as a grade, F to A+'),
  count('tests_failed', 'tests', 'Tests that failed'),
  count('tests_passed', 'tests', 'Tests that passed'),
  count('tests_quantity', 'tests', 'Tests that were made'),
];
