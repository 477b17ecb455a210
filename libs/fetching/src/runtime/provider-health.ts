import { EventEmitter } from 'node:events';
import { bucketMs, KeyBreaker } from '../calls/key-breaker.js';
import { nextUtcDay, throttleMs } from '../calls/retry.js';
import type { Governor } from '../governor/governor.js';
import type { ProviderCondition, StateChange } from './ask.js';
import type { RuntimeSettings } from './runtime-settings.js';
import type { Key, Waiting } from './line.js';

/** A refused key is tried again after this: a person may have put it right at the provider's. */
const HALT_MS = 600_000;
/** The breaker's own timer ends the block; this only covers that it is late. */
const HALF_OPEN_LATE_MS = 250;

/** Breakers, throttles and halts of one provider, told to the governor and to whoever listens. */
export class ProviderHealth {
  readonly #breakers = new Map<Key, KeyBreaker>();
  readonly #rotate = new EventEmitter().setMaxListeners(0);
  readonly #rotation: NodeJS.Timeout;
  #halted = false;

  constructor(
    private readonly settings: RuntimeSettings,
    private readonly governor: Governor<Waiting>,
    private readonly now: () => number,
  ) {
    const every = bucketMs(settings.provider.breaker);
    this.#rotation = setInterval(() => this.#rotate.emit('rotate'), every).unref();
  }

  breaker(key: Key): KeyBreaker {
    let breaker = this.#breakers.get(key);
    if (!breaker) {
      breaker = this.#createBreaker(key);
      this.#breakers.set(key, breaker);
    }
    return breaker;
  }

  /** The provider answered: whatever was held against this key is over. */
  answered(key: Key): void {
    if (key.throttles > 0) {
      key.throttles = 0;
      this.#tell(key.name, 'closed');
    }
    if (this.#halted) {
      this.#halted = false;
      this.#tell(this.settings.provider.id, 'closed');
    }
  }

  /** Too many calls: the key pauses. Returns until when. */
  throttle(key: Key, retryAfterMs: number | undefined, reason: string): number {
    const random = (this.settings.random ?? Math.random)();
    const now = this.now();
    const until = Math.ceil(now + throttleMs(retryAfterMs, key.throttles++, random));
    this.governor.block(key, until, 'quota', now);
    this.#tell(key.name, 'throttled', reason, until);
    return until;
  }

  /** The quota is spent: the key pauses until it comes back. Returns until when. */
  exhausted(key: Key, retryAfterMs: number | undefined, reason: string): number {
    const now = this.now();
    const until = Math.ceil(retryAfterMs === undefined ? nextUtcDay(now) : now + retryAfterMs);
    key.throttles++;
    this.governor.block(key, until, 'quota', now);
    this.#tell(key.name, 'throttled', reason, until);
    return until;
  }

  /** Our credentials were refused: nothing is asked any more, of this server where the provider takes no key. */
  halt(key: Key, reason: string): number {
    const { provider, logger } = this.settings;
    const now = this.now();
    const until = now + HALT_MS;
    const keyed = provider.auth.kind === 'key';
    if (keyed) this.governor.blockAll(until, 'provider_down', now);
    else this.governor.block(key, until, 'provider_down', now);
    if (keyed && !this.#halted)
      logger.error({ provider: provider.id, until }, `${provider.id} refuses our key: not asked any more`);
    if (keyed) this.#halted = true;
    else key.throttles++;
    this.#tell(keyed ? provider.id : key.name, 'halted', reason, until);
    return until;
  }

  forget(key: Key): void {
    this.#breakers.get(key)?.stop();
    this.#breakers.delete(key);
  }

  stop(): void {
    clearInterval(this.#rotation);
    for (const breaker of this.#breakers.values()) breaker.stop();
    this.#breakers.clear();
  }

  #createBreaker(key: Key): KeyBreaker {
    const { provider, logger } = this.settings;
    const { coolOffMs } = provider.breaker;
    return new KeyBreaker(provider.breaker, this.#rotate, {
      open: () => {
        const now = this.now();
        key.probing = false;
        logger.warn({ provider: provider.id, limitKey: key.name }, 'breaker open');
        this.governor.block(key, now + coolOffMs + HALF_OPEN_LATE_MS, 'provider_down', now);
        this.#tell(key.name, 'open', 'too many failures', now + coolOffMs);
      },
      halfOpen: () => {
        key.probing = true;
        this.#tell(key.name, 'half_open');
        this.governor.unblock(key);
        this.governor.pump(this.now());
      },
      close: () => {
        key.probing = false;
        this.#tell(key.name, 'closed');
      },
    });
  }

  #tell(limitKey: string, state: ProviderCondition, reason?: string, until?: number): void {
    const change: StateChange = {
      provider: this.settings.provider.id,
      limitKey,
      state,
      at: this.now(),
      ...(reason === undefined ? {} : { reason }),
      ...(until === undefined ? {} : { until }),
    };
    this.settings.onState?.(change);
  }
}
