import { setTimeout as wait } from 'node:timers/promises';
import {
  AnswersRefused,
  type AnswerStore,
  type CallMinute,
  type Commit,
  type EndedCall,
  type NewAnswer,
} from './answer-store.js';
import { commitOne, OwedEnds } from './owed-ends.js';

/** Answers of one statement. */
const MOST_ANSWERS = 1_000;
/** Counts without an answer (failed calls) are written at the latest after this. */
const LEDGER_WITHIN_MS = 250;
/** A commit that fails is tried again this long: what was fetched, and perhaps paid for, is not thrown away. */
const PATIENCE_MS = 15_000;
const RETRY_MS = 250;
const MINUTE_MS = 60_000;

interface Group {
  readonly answers: readonly NewAnswer[];
  readonly ended: EndedCall | undefined;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Group commit of answers and ledger for all providers of a process: what gathers while one statement is
 * in flight goes into the next.
 */
export class Committer {
  #groups: Group[] = [];
  #minutes = new Map<string, { -readonly [K in keyof CallMinute]: CallMinute[K] }>();
  #busy: Promise<void> | undefined;
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #owed: OwedEnds;

  constructor(
    private readonly answers: AnswerStore,
    private readonly patienceMs = PATIENCE_MS,
  ) {
    this.#owed = new OwedEnds(answers);
  }

  /** Calls whose answers wait for their statement. */
  get waiting(): number {
    return this.#groups.length;
  }

  /** Priced calls whose end could not be committed yet. */
  get owedCalls(): string[] {
    return this.#owed.calls;
  }

  /**
   * Resolves when the answers, the end of the priced call they come from, and everything counted before, are
   * committed. Where it rejects, the end of the call is tried again until it is.
   */
  add(answers: readonly NewAnswer[], ended?: EndedCall): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#groups.push({ answers, ended, resolve, reject });
      this.#schedule();
    });
  }

  /** Counts a free call (or several, of one class) in the minute of `at`. */
  count(provider: string, callClass: string, calls: number, units: number, at: number): void {
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const name = `${provider} ${minute} ${callClass}`;
    const row = this.#minutes.get(name);
    if (row) {
      row.calls += calls;
      row.units += units;
    } else this.#minutes.set(name, { provider, minute, class: callClass, calls, units });
    this.#scheduleLedger();
  }

  /** Writes what is left. */
  async drain(): Promise<void> {
    while (this.#busy || this.#pending) await (this.#busy ?? this.#flush());
    clearTimeout(this.#timer);
    await this.#owed.stop();
  }

  get #pending(): boolean {
    return this.#groups.length > 0 || this.#minutes.size > 0;
  }

  #scheduleLedger(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (!this.#busy && this.#pending) void this.#flush();
    }, LEDGER_WITHIN_MS);
  }

  #schedule(): void {
    if (this.#scheduled || this.#busy) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#busy && this.#groups.length > 0) void this.#flush();
    });
  }

  #flush(): Promise<void> {
    this.#busy = this.#write().finally(() => {
      this.#busy = undefined;
      if (this.#groups.length > 0) void this.#flush();
    });
    return this.#busy;
  }

  async #write(): Promise<void> {
    const groups = this.#takeGroups();
    const commit: Commit = {
      answers: groups.flatMap(({ answers }) => answers),
      ended: groups.flatMap(({ ended }) => ended ?? []),
      minutes: [...this.#minutes.values()],
    };
    this.#minutes = new Map();
    try {
      await this.#commit(commit);
      for (const { resolve } of groups) resolve();
    } catch (error) {
      if (error instanceof AnswersRefused) await this.#oneByOne(groups, commit);
      else for (const group of groups) this.#fail(group, error);
    }
  }

  /** One answer that can not be stored must not take those of others with it. */
  async #oneByOne(groups: readonly Group[], { minutes }: Commit): Promise<void> {
    if (minutes.length > 0) await this.#commit({ answers: [], ended: [], minutes }).catch(() => undefined);
    for (const group of groups)
      await commitOne((commit) => this.#commit(commit), group.answers, group.ended).then(
        group.resolve,
        (error: unknown) => this.#fail(group, error),
      );
  }

  #fail({ answers, ended, reject }: Group, error: unknown): void {
    if (ended && !(error instanceof AnswersRefused)) this.#owed.add({ answers, ended });
    reject(error);
  }

  #takeGroups(): Group[] {
    let taken = 0;
    let answers = 0;
    while (taken < this.#groups.length && answers < MOST_ANSWERS)
      answers += this.#groups[taken++]!.answers.length;
    return this.#groups.splice(0, taken);
  }

  async #commit(commit: Commit): Promise<void> {
    const until = performance.now() + this.patienceMs;
    for (;;) {
      try {
        return await this.answers.commit(commit);
      } catch (error) {
        if (error instanceof AnswersRefused || performance.now() > until) throw error;
        await wait(RETRY_MS);
      }
    }
  }
}
