import type { Question } from '../provider.js';

const LINKS = 'bluesky.links';

/** Questions about accounts and about pages, each in their order. */
export function splitBySurface(questions: readonly Question[]): { profiles: Question[]; links: Question[] } {
  return {
    profiles: questions.filter(({ surface }) => surface !== LINKS),
    links: questions.filter(({ surface }) => surface === LINKS),
  };
}
