import type { WindowRule } from '../permits/window-rule.js';
import type { Credential, Order } from './credential.js';
import type { Entry } from './entry-queue.js';
import { LimitKey } from './limit-key.js';

export interface LimitKeysSettings<E extends Entry> {
  readonly rules: readonly WindowRule[];
  /** This process, as the shared permits know it. */
  readonly worker?: string;
  /** Keys remembered while idle. */
  readonly maxKeys: number;
  /** How many keys of ours there are at the provider, each with permits of its own. Default 1; none counts as one. */
  readonly credentials?: number;
  /** Asks the shared permits, or tells them what is left over. */
  lease?(key: LimitKey<E>, credential: Credential, order: Order): void;
  /** A key was forgotten. */
  forgotten?(key: LimitKey<E>): void;
}

/** Keys that are blocked or pause can not be forgotten: there may be so many times `maxKeys` of them. */
export const MOST_IN_TROUBLE = 10;

/** The limit keys of a provider by name, and which of our credentials it refuses at all of them. */
export class LimitKeys<E extends Entry> {
  readonly #keys = new Map<string, LimitKey<E>>();
  readonly #count: number;
  /** By credential: until when the refusal of it is believed. */
  readonly #refusedUntil: number[];

  constructor(private readonly settings: LimitKeysSettings<E>) {
    this.#count = Math.max(1, settings.credentials ?? 1);
    this.#refusedUntil = Array.from({ length: this.#count }, () => 0);
  }

  [Symbol.iterator](): MapIterator<LimitKey<E>> {
    return this.#keys.values();
  }

  get size(): number {
    return this.#keys.size;
  }

  get(name: string, now: number): LimitKey<E> {
    let key = this.#keys.get(name);
    if (!key) {
      const { rules, maxKeys, worker } = this.settings;
      key = new LimitKey<E>(name, rules, this.#count, worker);
      for (const credential of key.credentials) this.#mark(credential);
      if (this.#keys.size >= maxKeys) this.#forgetIdle(now);
      this.#keys.set(name, key);
    }
    return key;
  }

  /** Sets a credential aside at every key. False where no other is left. */
  refuse({ index }: Credential, until: number, now: number): boolean {
    this.#refusedUntil[index] = until;
    for (const key of this.#keys.values()) this.#mark(key.credentials[index]!);
    return this.#refusedUntil.some((at) => at <= now);
  }

  #mark(credential: Credential): void {
    const until = this.#refusedUntil[credential.index]!;
    if (until <= credential.pausedUntil) return;
    credential.pausedUntil = until;
    credential.pausedBy = 'provider_down';
  }

  /**
   * Forgets the oldest keys that nothing depends on; a look at 64 of them is enough on average. What a key still has to
   * tell is told now: nobody may ask at it again. Where very many are in trouble those that nobody waits for go as well:
   * each is asked once too often then.
   */
  #forgetIdle(now: number): void {
    let looked = 0;
    for (const [name, key] of this.#keys) {
      if (++looked > 64) return;
      const crowded = this.#keys.size >= this.settings.maxKeys * MOST_IN_TROUBLE;
      this.#keys.delete(name);
      if (key.idle(now) || (crowded && !key.busy)) this.settings.forgotten?.(key);
      else {
        this.#keys.set(name, key);
        this.#settle(key);
      }
    }
  }

  #settle(key: LimitKey<E>): void {
    if (key.busy || !this.settings.lease) return;
    for (const credential of key.credentials.filter(({ hasNews }) => hasNews)) {
      credential.handBack();
      this.settings.lease(key, credential, credential.news());
    }
  }
}
