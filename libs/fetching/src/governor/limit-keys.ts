import type { WindowRule } from '../permits/window-rule.js';
import type { Credential } from './credential.js';
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
  /** A key was forgotten. */
  forgotten?(key: LimitKey<E>): void;
}

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

  /** Forgets the oldest keys that nothing depends on; a look at 64 of them is enough on average. */
  #forgetIdle(now: number): void {
    let looked = 0;
    for (const [name, key] of this.#keys) {
      if (++looked > 64) return;
      this.#keys.delete(name);
      if (key.idle(now) && !key.probing) this.settings.forgotten?.(key);
      else this.#keys.set(name, key);
    }
  }
}
