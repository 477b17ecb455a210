import { LRUCache } from 'lru-cache';
import type { AnswerStore, FreshAnswer } from './answer-store.js';

/** Answers that a process remembers, some 300 bytes each without facts. */
export const MOST_KEPT_ANSWERS = 50_000;
const ANSWER_BYTES = 300;
/** Facts of a page may be 20 KB: of those fewer are kept. */
export const MOST_KEPT_BYTES = 48 * 1024 * 1024;

/** The newest answers a process has seen: most rows of a long list are served from here, without a query. */
export class KeptAnswers {
  readonly #kept = new LRUCache<string, FreshAnswer>({
    max: MOST_KEPT_ANSWERS,
    maxSize: MOST_KEPT_BYTES,
    sizeCalculation: ({ facts }) => ANSWER_BYTES + (facts ? JSON.stringify(facts).length : 0),
  });

  get size(): number {
    return this.#kept.size;
  }

  get bytes(): number {
    return this.#kept.calculatedSize;
  }

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
