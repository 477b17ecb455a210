import type { Lane, SkipReason } from '@assay/contracts';
import type { Entry } from '../governor/entry-queue.js';
import type { Start } from '../governor/start.js';

/** Why a step of a conversation was not let through, and when it might be. */
export class StepRefused extends Error {
  constructor(
    readonly reason: SkipReason,
    readonly until?: number,
  ) {
    super(`not before ${until ?? 'a person allows it'}: ${reason}`);
    this.name = 'StepRefused';
  }
}

/**
 * A request could not be sent while its permit was good, or this process has no rights any more: another permit is needed,
 * and the conversation begins anew.
 */
export class StartedLate extends Error {
  constructor() {
    super('the permit ran out before the request could be sent');
    this.name = 'StartedLate';
  }
}

/** A conversation that waits for another limit key's permit (a redirect to another host). */
export class StepEntry implements Entry {
  readonly units = 1;
  readonly alone = true;
  readonly group = undefined;
  queued = false;
  gone = false;
  readonly entered: Promise<Start>;
  /** What made it wait, as it was told last. */
  #waitsFor: SkipReason = 'quota';
  #enter!: (start: Start) => void;
  #refuse!: (error: Error) => void;

  constructor(
    public lane: Lane,
    readonly arrivedAt: number,
    readonly waitUntil: number,
    private readonly isCancelled: () => boolean = () => false,
  ) {
    this.entered = new Promise((resolve, reject) => {
      this.#enter = resolve;
      this.#refuse = reject;
    });
  }

  go(start: Start): void {
    this.#enter(start);
  }

  /** Ends the wait where nobody wants the answer any more. */
  controlled(): void {
    if (this.isCancelled()) this.stop(new StepRefused('cancelled'));
  }

  /** Ends the wait for good. */
  stop(error: Error): void {
    this.gone = true;
    this.#refuse(error);
  }

  /** Ends the wait where its time is up. */
  expire(now: number): void {
    this.waits(now, this.#waitsFor);
  }

  waits(startsAt: number, reason: SkipReason): boolean {
    this.#waitsFor = reason;
    if (startsAt <= this.waitUntil) return true;
    this.stop(new StepRefused(reason, Math.ceil(startsAt)));
    return false;
  }
}
