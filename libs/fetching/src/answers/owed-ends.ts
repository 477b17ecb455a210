import { AnswersRefused, type AnswerStore, type EndedCall, type NewAnswer } from './answer-store.js';

const RETRY_MS = 1_000;

export interface Owed {
  readonly answers: readonly NewAnswer[];
  readonly ended: EndedCall;
}

/**
 * What was bought and could not be committed while somebody waited for it: tried again until it can be. Else its
 * claims would stay open as long as this process lives. Bounded by the calls in flight when the database went
 * away: without it nothing is bought.
 */
export class OwedEnds {
  readonly #owed: Owed[] = [];
  #timer: NodeJS.Timeout | undefined;
  #paying: Promise<void> | undefined;

  constructor(private readonly answers: AnswerStore) {}

  get calls(): string[] {
    return this.#owed.map(({ ended }) => ended.id);
  }

  add(owed: Owed): void {
    this.#owed.push(owed);
    this.#later();
  }

  /** One last try: whoever comes after this process ends what stays open. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await (this.#paying ?? this.#pay());
    clearTimeout(this.#timer);
  }

  #later(): void {
    if (this.#timer || this.#paying) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#paying = this.#pay().finally(() => {
        this.#paying = undefined;
        if (this.#owed.length > 0) this.#later();
      });
    }, RETRY_MS).unref();
  }

  async #pay(): Promise<void> {
    try {
      for (let next = this.#owed[0]; next; next = this.#owed[0]) {
        await endOne(this.answers, next);
        this.#owed.shift();
      }
    } catch {
      // Away still.
    }
  }
}

/** Commits one call with its answers; answers that no table takes are given up. @throws AnswersRefused after that */
export async function commitOne(
  commit: AnswerStore['commit'],
  answers: readonly NewAnswer[],
  ended: EndedCall | undefined,
): Promise<void> {
  try {
    await commit({ answers, ended: ended ? [ended] : [], minutes: [] });
  } catch (error) {
    if (error instanceof AnswersRefused && ended)
      await commit({ answers: [], ended: [spoilt(ended)], minutes: [] });
    throw error;
  }
}

async function endOne(store: AnswerStore, { answers, ended }: Owed): Promise<void> {
  try {
    await commitOne((commit) => store.commit(commit), answers, ended);
  } catch (error) {
    if (!(error instanceof AnswersRefused)) throw error;
  }
}

function spoilt(ended: EndedCall): EndedCall {
  const units = ended.units.map(({ key, outcome, charged }) => ({
    key,
    outcome: outcome === 'ok' || outcome === 'absent' ? 'malformed' : outcome,
    charged,
  }));
  return { ...ended, class: 'malformed', units };
}
