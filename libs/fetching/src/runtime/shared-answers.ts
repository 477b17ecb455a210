import type { AnswerStore } from '../answers/answer-store.js';
import { Committer } from '../answers/committer.js';
import { FreshWindow } from './fresh-window.js';

/** The way to stored answers that all providers of a process share: one query, one commit for all that comes together. */
export interface SharedAnswers {
  readonly fresh: FreshWindow;
  readonly committer: Committer;
}

export function shareAnswers(answers: AnswerStore, now: () => number = Date.now): SharedAnswers {
  return { fresh: new FreshWindow(answers, now), committer: new Committer(answers) };
}
