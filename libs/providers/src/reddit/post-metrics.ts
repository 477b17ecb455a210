import { count, score } from '../metric.js';

export const POST_METRICS = [
  count('posts', 'posts', 'Posts that link to the page'),
  score('score', 'Votes on these posts together; negative where most were against', [-1e9, 1e9]),
  count('comments', 'comments', 'Comments on these posts together'),
  count('subreddits', 'subreddits', 'Subreddits with such a post'),
];
