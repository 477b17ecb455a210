import type { MessageName, MessageOf } from '@assay/contracts';
import type { Logger } from '@assay/telemetry';
import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { deadLetter, type DeadLetter, type DeathCause } from './dead-letter.js';
import { decode } from './decode.js';
import type { MessageContext } from './message-context.js';
import type { Received } from './received.js';
import { codeOf, isGivenUp } from './refusals.js';
import { MAX_TRIES } from './retry-delay.js';

export type Handle = (value: MessageOf<MessageName>, context: MessageContext) => Promise<void>;

export interface WorkerSettings {
  readonly group: string;
  readonly logger: Logger;
  readonly handle: Handle;
  /** Writes a dead letter, acknowledged. */
  bury(letter: DeadLetter): Promise<void>;
  /** Milliseconds to wait after a failed try (1 is the first). */
  delay(failedTry: number): number;
  /** False once the message's partition went away: whoever has it now reads the message again. */
  holds(received: Received): boolean;
  /** True while PostgreSQL or Kafka is known to be away: a try that fails then does not count. */
  away(): boolean;
  /** A message failed too often for reasons that are not its own. */
  onExhausted(error: unknown): void;
}

/** Works on one message to its end: handled, or written to the dead letters, or left for another time. */
export class MessageWorker {
  /** Aborted where waits between tries are cut short. */
  #waits = waits();
  #stopped = false;

  constructor(private readonly settings: WorkerSettings) {}

  /** What was away is back: whoever waits for his next try has it within half a second. */
  tryNow(): void {
    if (this.#stopped) return;
    const former = this.#waits;
    this.#waits = waits();
    former.abort();
  }

  /** Ends the waits between tries; what is not handled by then stays uncommitted. */
  stop(): void {
    this.#stopped = true;
    this.#waits.abort();
  }

  /** Never rejects. The message's book learns of it only when all its effects are done. */
  async work(received: Received): Promise<void> {
    let counted = 0;
    for (let tries = 1; ; tries++) {
      try {
        await this.#once(received, tries);
        return received.book.end(received.offset);
      } catch (error) {
        if (this.#stopped || !this.settings.holds(received)) return;
        if (!this.settings.away() && ++counted >= MAX_TRIES) return this.settings.onExhausted(error);
        if (!(await this.#pause(received, tries, error))) return;
      }
    }
  }

  async #once(received: Received, tries: number): Promise<void> {
    const decoded = decode(received.message, received.raw.value);
    if (!('value' in decoded)) return this.#bury(received, tries, decoded);
    try {
      await this.settings.handle(decoded.value, this.#contextOf(received));
    } catch (error) {
      if (!isGivenUp(error)) throw error;
      await this.#bury(received, tries, { code: codeOf(error), reason: error.message });
    }
  }

  async #bury(received: Received, attempts: number, why: Pick<DeathCause, 'code' | 'reason'>): Promise<void> {
    const { group, logger } = this.settings;
    const { topic, partition, offset } = received.raw;
    logger.warn({ group, topic, partition, offset, ...why }, 'gave up on a message');
    await this.settings.bury(deadLetter(received.message, received.raw, { ...why, group, attempts }));
  }

  /** False when the wait was ended by `stop`. */
  async #pause({ raw }: Received, tries: number, error: unknown): Promise<boolean> {
    const { group, logger } = this.settings;
    const delay = this.settings.delay(tries);
    const { topic, partition, offset } = raw;
    logger.warn(
      { err: error, group, topic, partition, offset, tries, delay },
      'a message failed; trying again',
    );
    if (await this.#wait(delay)) return true;
    // All at once they would meet a server that has just started.
    await this.#wait(this.settings.delay(1) / 3);
    return !this.#stopped;
  }

  /** False where it was cut short. */
  #wait(ms: number): Promise<boolean> {
    return wait(ms, true, { signal: this.#waits.signal }).catch(() => false);
  }

  #contextOf(received: Received): MessageContext {
    const { group, holds } = this.settings;
    const { message, lane, raw } = received;
    const { partition, offset, timestamp } = raw;
    const held = () => holds(received);
    return { group, message, lane, partition, offset, timestamp: Number(timestamp), held };
  }
}

/** A whole window may wait between tries. */
function waits(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
