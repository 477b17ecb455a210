import type { AnswerStore } from '../answers/answer-store.js';
import { Committer } from '../answers/committer.js';
import { KeptAnswers, keeping } from '../answers/kept-answers.js';
import { KeptFailures } from '../answers/kept-failures.js';
import { Purchases } from '../buying/purchases.js';
import type { WorkerBeat } from '../buying/worker-beat.js';
import { FreshWindow } from './fresh-window.js';

/** The way to stored answers that all providers of a process share: one query, one commit for all that comes together. */
export interface SharedAnswers {
  readonly fresh: FreshWindow;
  readonly committer: Committer;
  readonly purchases: Purchases;
  /** What this process remembers: answers without a query, failures of the last seconds. */
  readonly kept: KeptAnswers;
  readonly failures: KeptFailures;
}

/** `beat`: of this process; without one it ends no call of another, and nobody knows that it lives. */
export function shareAnswers(
  answers: AnswerStore,
  now: () => number = Date.now,
  beat?: WorkerBeat,
): SharedAnswers {
  const kept = new KeptAnswers();
  const store = keeping(answers, kept);
  const committer = new Committer(store);
  return {
    fresh: new FreshWindow(store, now),
    committer,
    purchases: new Purchases(store.purchases, committer, now, beat),
    kept,
    failures: new KeptFailures(),
  };
}
