import type { AnswerStore } from '../answers/answer-store.js';
import { Committer } from '../answers/committer.js';
import { Purchases } from '../buying/purchases.js';
import type { WorkerBeat } from '../buying/worker-beat.js';
import { FreshWindow } from './fresh-window.js';

/** The way to stored answers that all providers of a process share: one query, one commit for all that comes together. */
export interface SharedAnswers {
  readonly fresh: FreshWindow;
  readonly committer: Committer;
  readonly purchases: Purchases;
}

/** `beat`: of this process; without one it ends no call of another, and nobody knows that it lives. */
export function shareAnswers(
  answers: AnswerStore,
  now: () => number = Date.now,
  beat?: WorkerBeat,
): SharedAnswers {
  const committer = new Committer(answers);
  return {
    fresh: new FreshWindow(answers, now),
    committer,
    purchases: new Purchases(answers.purchases, committer, now, beat),
  };
}
