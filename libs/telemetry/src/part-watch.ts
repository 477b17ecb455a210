import type { Logger } from './logger.js';
import { afterProbe, afterRefusal, afterWork, type PartState } from './part-state.js';

/** Asks a part whether it is there; cheap, on a connection of its own. */
export interface Probe {
  /** Rejects with what is wrong. May hang: whoever asks has a time limit. */
  ask(): Promise<void>;
  /** Calls back when the connection that it holds was lost. */
  onLost?(callback: () => void): void;
  close(): Promise<void> | void;
}

/** A hang shows after both together. */
const EVERY_MS = 2_000;
const WITHIN_MS = 2_500;
const SAY_EVERY_MS = 10_000;
const REFUSAL_LASTS_MS = 10_000;

/** Watches one part: a probe every 2 s at most, and what real work hears of it. */
export class PartWatch {
  #state: PartState;
  #saidAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #asking: Promise<void> | undefined;
  #closed = true;
  readonly #onBack: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly probe: Probe,
    private readonly logger: Pick<Logger, 'warn' | 'info'>,
    private readonly everyMs = EVERY_MS,
    private readonly now: () => number = Date.now,
  ) {
    // Whoever watches has connected by then, or failed with words of its own.
    this.#state = { ok: true, since: now() };
    probe.onLost?.(() => this.suspect());
  }

  start(): void {
    this.#closed = false;
    this.#later(0);
  }

  get ok(): boolean {
    return this.#state.ok;
  }

  /** False where nothing would come of asking it; one that refuses what it is given may take it the next time. */
  get answers(): boolean {
    return this.#state.ok || this.#state.refusedUntil !== undefined;
  }

  get state(): PartState {
    return this.#state;
  }

  onBack(callback: () => void): void {
    this.#onBack.push(callback);
  }

  /** Work failed as it does where the part is away: ask at once. */
  suspect(): void {
    if (this.#state.ok && !this.#asking) this.#later(0);
  }

  /** The part answers, and does not take what it is given. */
  refused(error: unknown, lastsMs = REFUSAL_LASTS_MS): void {
    this.#turn(afterRefusal(this.#state, wordsOf(error), this.now(), lastsMs));
  }

  /** It took what it is given. */
  worked(): void {
    this.#turn(afterWork(this.#state, this.now()));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.probe.close();
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => void this.#ask(), ms).unref();
  }

  async #ask(): Promise<void> {
    // One that hangs is asked no second time: it holds a connection already.
    const asking = (this.#asking ??= this.probe.ask().finally(() => (this.#asking = undefined)));
    const error = await within(asking, WITHIN_MS).then(() => undefined, wordsOf);
    if (this.#closed) return;
    this.#turn(afterProbe(this.#state, error, this.now()));
    this.#later(this.everyMs);
  }

  #turn(next: PartState): void {
    const before = this.#state;
    this.#state = next;
    if (next.ok) {
      if (!before.ok) this.#back(before);
    } else if (before.ok || this.now() - this.#saidAt >= SAY_EVERY_MS) this.#sayAway(next);
  }

  #sayAway({ error, since }: PartState): void {
    this.#saidAt = this.now();
    const seconds = Math.round((this.#saidAt - since) / 1_000);
    this.logger.warn({ part: this.name, error, seconds }, `${this.name} is away; work waits for it`);
  }

  #back({ since }: PartState): void {
    const seconds = Math.round((this.now() - since) / 1_000);
    this.logger.info({ part: this.name, seconds }, `${this.name} is back`);
    for (const callback of this.#onBack) callback();
  }
}

/** Rejects after `ms`. A loop that was blocked so long hears first what came meanwhile. */
async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const fail = () => reject(new Error(`no answer within ${ms / 1_000} s`));
      setImmediate(() => setImmediate(fail));
    }, ms).unref();
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** One line; the first of several errors where many addresses were tried. */
function wordsOf(error: unknown): string {
  const { message, code, errors } = (error ?? {}) as { message?: string; code?: unknown; errors?: unknown[] };
  if (!message && errors?.length) return wordsOf(errors[0]);
  return (message || String(code ?? error)).split('\n')[0]!.slice(0, 200);
}
