import { LRUCache } from 'lru-cache';
import type { AnswerStore, FreshAnswer } from './answer-store.js';

/** Answers that a process remembers, some 300 bytes each without facts. */
const MOST_KEPT = 50_000;

/** The newest answers a process has seen: most rows of a long list are served from here, without a query. */
export class KeptAnswers {
  readonly #kept = new LRUCache<string, FreshAnswer>({ max: MOST_KEPT });

  get(key: string): FreshAnswer | undefined {
    return this.#kept.get(key);
  }

  /** Newer `fetchedAt` wins. */
  keep(answers: readonly FreshAnswer[]): void {
    for (const answer of answers) {
      const { key, id, outcome, facts, fetchedAt, expiresAt } = answer;
      if ((this.#kept.peek(key)?.fetchedAt ?? -Infinity) > fetchedAt) continue;
      this.#kept.set(key, { key, id, outcome, fetchedAt, expiresAt, ...(facts && { facts }) });
    }
  }
}

/** The same store; what is read from it and committed to it is kept as well. */
export function keeping(store: AnswerStore, kept: KeptAnswers): AnswerStore {
  return {
    ...store,
    async findFresh(keys) {
      const found = await store.findFresh(keys);
      kept.keep(found);
      return found;
    },
    async commit(commit) {
      await store.commit(commit);
      kept.keep(commit.answers);
    },
  };
}
