import { count, date, flag } from '../metric.js';

export const STORY_METRICS = [
  count('stories', 'stories', 'Stories that link to exactly this page'),
  count('points', 'points', 'Points of these stories together'),
  count('comments', 'comments', 'Comments on these stories together'),
  date('first_story_at', 'When the first of them was posted'),
  flag('capped', 'There may be more than the fifty best matches that were looked at'),
];
