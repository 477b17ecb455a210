import { EventEmitter } from 'node:events';
import type { Probe } from '../breakers/breaker-table.js';
import { PROBE_GRACE_MS } from '../breakers/shared-breakers.js';
import { bucketMs, KeyBreaker } from '../calls/key-breaker.js';
import { nextUtcDay, throttleMs } from '../calls/retry.js';
import type { Credential } from '../governor/credential.js';
import type { Governor } from '../governor/governor.js';
import type { ProviderCondition, StateChange } from './ask.js';
import type { RuntimeSettings } from './runtime-settings.js';
import type { Key, Waiting } from './line.js';

/** A refused key is tried again after this: a person may have put it right at the provider's. */
const HALT_MS = 600_000;
/** The breaker's own timer ends the block; this only covers that it is late. */
const HALF_OPEN_LATE_MS = 250;
/** Whoever may not try yet asks again at the latest after this, and no sooner than that. */
const MAX_PROBE_WAIT_MS = 60_000;
const SOONEST_RETRY_MS = 50;
/** The shared table answers within this. */
const ASKING_MS = 1_000;
const GRANTED: Probe = { kind: 'granted' };

/** Breakers, throttles and halts of one provider, told to the governor and to whoever listens. */
export class ProviderHealth {
  readonly #breakers = new Map<Key, KeyBreaker>();
  readonly #rotate = new EventEmitter().setMaxListeners(0);
  readonly #rotation: NodeJS.Timeout;
  /** Places of keys that were refused. */
  readonly #refused = new Set<number>();
  /** Limit keys at which all of several keys paused. */
  readonly #allPaused = new Set<Key>();
  #halted = false;
  /** Set while a breaker follows another process's, for how long that is open: what is not ours is not told again. */
  #followsForMs: number | undefined;
  /** Limit keys of which we are asking whether we may try. */
  readonly #asking = new Set<Key>();
  readonly #waits = new Set<NodeJS.Timeout>();

  constructor(
    private readonly settings: RuntimeSettings,
    private readonly governor: Governor<Waiting>,
    private readonly now: () => number,
  ) {
    const every = bucketMs(settings.provider.breaker);
    this.#rotation = setInterval(() => this.#rotate.emit('rotate'), every).unref();
    settings.breakers?.listen(settings.provider.id, {
      opened: (name, forMs) => this.#openedElsewhere(name, forMs),
      closed: (name) => this.#closedElsewhere(name),
    });
  }

  breaker(key: Key): KeyBreaker {
    let breaker = this.#breakers.get(key);
    if (!breaker) {
      breaker = this.#createBreaker(key);
      this.#breakers.set(key, breaker);
    }
    return breaker;
  }

  /** The provider answered: whatever was held against this key and credential is over. */
  answered(key: Key, credential: Credential): void {
    // A reply that was on its way when the provider asked for a pause does not end it.
    if (credential.throttles > 0 && credential.pausedUntil <= this.now()) {
      credential.throttles = 0;
      this.#tell(this.#nameOf(key, credential), 'closed');
      if (this.#allPaused.delete(key)) this.#tell(key.name, 'closed');
    }
    if (this.#refused.delete(credential.index)) this.#tell(this.#nameOfKey(credential), 'closed');
    if (this.#halted) {
      this.#halted = false;
      this.#tell(this.settings.provider.id, 'closed');
    }
  }

  /** Too many calls: the credential pauses at this key. Returns until when. */
  throttle(key: Key, credential: Credential, retryAfterMs: number | undefined, reason: string): number {
    const random = (this.settings.random ?? Math.random)();
    const now = this.now();
    // Many refusals of one moment are one: each further one would double the pause.
    if (credential.pausedUntil > now && retryAfterMs === undefined) return credential.pausedUntil;
    const until = Math.ceil(now + throttleMs(retryAfterMs, credential.throttles++, random));
    this.governor.pause(key, credential, { until, by: 'quota', slower: true }, now);
    this.#tellPause(key, credential, reason, until);
    return until;
  }

  /** The provider answered, and said that nothing is left for so long. */
  spent(key: Key, credential: Credential, forMs: number): void {
    const now = this.now();
    const until = Math.ceil(now + forMs);
    credential.throttles++;
    this.governor.pause(key, credential, { until, by: 'quota', slower: false }, now);
    this.#tellPause(key, credential, 'nothing is left of the limit until then', until);
  }

  /** The quota is spent: the credential pauses until it comes back. Returns until when. */
  exhausted(key: Key, credential: Credential, retryAfterMs: number | undefined, reason: string): number {
    const now = this.now();
    const until = Math.ceil(retryAfterMs === undefined ? nextUtcDay(now) : now + retryAfterMs);
    credential.throttles++;
    this.governor.pause(key, credential, { until, by: 'quota', slower: false }, now);
    this.#tellPause(key, credential, reason, until);
    return until;
  }

  /**
   * Our key was refused: it alone is set aside. Returns until when nothing is asked any more; undefined where another
   * key is left. Where we sent none, this server alone is left in peace.
   */
  refused(key: Key, credential: Credential, reason: string): number | undefined {
    const now = this.now();
    const until = now + HALT_MS;
    if (this.#keyCount === 0) {
      this.governor.block(key, until, 'provider_down', now);
      credential.throttles++;
      this.#tell(key.name, 'halted', reason, until);
      return until;
    }
    return this.#setAside(credential, reason, until, now);
  }

  #setAside(credential: Credential, reason: string, until: number, now: number): number | undefined {
    const { provider, logger } = this.settings;
    const others = this.governor.refuse(credential, until, now);
    if (this.#keyCount > 1 && !this.#refused.has(credential.index)) {
      this.#refused.add(credential.index);
      logger.error(
        { provider: provider.id, key: credential.index + 1, until },
        'a key is refused: set aside',
      );
      this.#tell(this.#nameOfKey(credential), 'halted', reason, until);
    }
    if (others) return undefined;
    if (!this.#halted)
      logger.error({ provider: provider.id, until }, `${provider.id} refuses our key: not asked any more`);
    this.#halted = true;
    this.#tell(provider.id, 'halted', reason, until);
    return until;
  }

  get #keyCount(): number {
    return this.settings.keys?.length ?? 0;
  }

  /** Limit key as people see it: with the place of our key where there are several. */
  /** Of several keys each has a name of its own; where the last one pauses too, nobody can ask: that is told of the limit key. */
  #tellPause(key: Key, credential: Credential, reason: string, until: number): void {
    this.#tell(this.#nameOf(key, credential), 'throttled', reason, until);
    const soonest = Math.min(...key.credentials.map(({ pausedUntil }) => pausedUntil));
    if (this.#keyCount < 2 || soonest <= this.now()) return;
    this.#allPaused.add(key);
    this.#tell(key.name, 'throttled', reason, soonest);
  }

  #nameOf(key: Key, { index }: Credential): string {
    return this.#keyCount > 1 ? `${key.name}#${index + 1}` : key.name;
  }

  #nameOfKey({ index }: Credential): string {
    return `${this.settings.provider.id}#${index + 1}`;
  }

  forget(key: Key): void {
    this.#breakers.get(key)?.stop();
    this.#breakers.delete(key);
    this.#allPaused.delete(key);
  }

  stop(): void {
    clearInterval(this.#rotation);
    this.settings.breakers?.leave(this.settings.provider.id);
    for (const timer of this.#waits) clearTimeout(timer);
    for (const breaker of this.#breakers.values()) breaker.stop();
    this.#breakers.clear();
  }

  #createBreaker(key: Key): KeyBreaker {
    const { provider, breakers } = this.settings;
    return new KeyBreaker(provider.breaker, this.#rotate, {
      open: () => this.#opened(key),
      halfOpen: () => this.#halfOpen(key),
      close: () => {
        key.probing = false;
        if (this.#followsForMs === undefined) breakers?.closed(provider.id, key.name);
        this.#tell(key.name, 'closed');
      },
    });
  }

  #opened(key: Key): void {
    const { provider, breakers, logger } = this.settings;
    const forMs = this.#followsForMs ?? provider.breaker.coolOffMs;
    const now = this.now();
    key.probing = false;
    logger.warn({ provider: provider.id, limitKey: key.name }, 'breaker open');
    this.governor.block(key, now + forMs + HALF_OPEN_LATE_MS, 'provider_down', now);
    if (this.#followsForMs === undefined) breakers?.opened(provider.id, key.name, forMs, 'too many failures');
    this.#tell(key.name, 'open', 'too many failures', now + forMs);
  }

  /**
   * Its time is over: one call may try, of one process for all. That is asked for with a call to make: a right that lies
   * idle would keep the others from trying.
   */
  #halfOpen(key: Key): void {
    key.probing = true;
    key.tryBy = 0;
    key.triesUntil = 0;
    this.governor.unblock(key);
    this.governor.pump(this.now());
  }

  /** Nothing starts while we ask; who waits is told again only once we know. */
  askToTry(key: Key): void {
    key.blockedUntil = Math.max(key.blockedUntil, this.now() + ASKING_MS);
    if (this.#asking.has(key)) return;
    this.#asking.add(key);
    void this.#ask(key).finally(() => this.#asking.delete(key));
  }

  async #ask(key: Key): Promise<void> {
    const { provider, breakers } = this.settings;
    const askedAt = this.now();
    const probe = (await breakers?.tryProbe(provider.id, key.name, provider.timeoutMs)) ?? GRANTED;
    // It opened or closed meanwhile: a right that we do not use ends by itself.
    if (!this.#breakers.has(key) || !key.probing) return;
    if (probe.kind === 'closed') return this.#closedElsewhere(key.name);
    if (probe.kind === 'wait') return this.#tryLater(key, probe.ms);
    if (key.triesUntil === 0) this.#tell(key.name, 'half_open');
    key.tryBy = askedAt + PROBE_GRACE_MS;
    key.triesUntil = key.tryBy + provider.timeoutMs;
    this.governor.unblock(key);
    this.governor.pump(this.now());
  }

  #tryLater(key: Key, ms: number): void {
    const now = this.now();
    this.governor.block(key, now + ms + ASKING_MS, 'provider_down', now);
    const timer = setTimeout(
      () => {
        this.#waits.delete(timer);
        if (this.#breakers.get(key)?.halfOpen) this.#halfOpen(key);
      },
      Math.min(MAX_PROBE_WAIT_MS, Math.max(SOONEST_RETRY_MS, ms)),
    );
    this.#waits.add(timer);
  }

  #openedElsewhere(name: string, forMs: number): void {
    const now = this.now();
    const key = this.governor.key(name, now);
    // A call of ours that is out tells more, and soon.
    if (key.blockedUntil > now || this.#breakers.get(key)?.trying) return;
    this.#follow(forMs, () => this.breaker(key).trip(forMs));
  }

  #closedElsewhere(name: string): void {
    const key = this.governor.key(name, this.now());
    const breaker = this.#breakers.get(key);
    if (!breaker || breaker.closed || breaker.trying) return;
    this.#follow(0, () => breaker.reset());
    this.governor.unblock(key);
    this.governor.pump(this.now());
  }

  #follow(forMs: number, change: () => void): void {
    this.#followsForMs = forMs;
    try {
      change();
    } finally {
      this.#followsForMs = undefined;
    }
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
