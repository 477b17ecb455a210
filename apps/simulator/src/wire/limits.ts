import type { Exchange, Window } from './exchange.js';
import { LimitKey } from './limit-key.js';

/** From so many limit keys on, those of which nothing is spent are forgotten: a list may name a million hosts. */
const SWEEP_AT = 10_000;

export type SetLimits = Readonly<Record<string, readonly Window[]>>;

/** The windows of every limit key: those documented, times a factor, or those that a test has set, as they are. */
export class Limits {
  private readonly keys = new Map<string, LimitKey>();
  private readonly given: Map<string, readonly Window[]>;
  private sweepAt = SWEEP_AT;

  constructor(
    private readonly factor: number,
    given: SetLimits = {},
  ) {
    this.given = new Map(Object.entries(given));
  }

  /** Whom a call is charged to; undefined where nothing limits it. */
  keyOf({ provider, limit }: Pick<Exchange, 'provider' | 'limit'>, host: string, now: number) {
    const given = this.given.get(provider);
    const windows = given ?? limit?.windows;
    if (windows === undefined || windows.length === 0) return undefined;
    const key = limit?.key ?? `${provider}|${host}`;
    const known = this.keys.get(key);
    if (known) return known;
    this.sweep(now);
    const fresh = new LimitKey(key, provider, windows, given ? 1 : this.factor);
    this.keys.set(key, fresh);
    return fresh;
  }

  /** From now on these hold for every limit key of the provider, with nothing spent; none: nothing limits it. */
  set(provider: string, windows: readonly Window[]): void {
    this.given.set(provider, windows);
    this.forget(provider);
  }

  /** Back to what is documented, of one provider or of all. */
  unset(provider?: string): void {
    for (const one of provider === undefined ? [...this.given.keys()] : [provider])
      if (this.given.delete(one)) this.forget(one);
  }

  list(): SetLimits {
    return Object.fromEntries(this.given);
  }

  /** Limit keys in memory: for tests. */
  get size(): number {
    return this.keys.size;
  }

  usedUnits(key: string, now: number): number {
    return this.keys.get(key)?.usedUnits(now) ?? 0;
  }

  /** As if nothing had been spent; what was set stays. */
  reset(): void {
    this.keys.clear();
  }

  private forget(provider: string): void {
    for (const [key, one] of this.keys) if (one.provider === provider) this.keys.delete(key);
  }

  private sweep(now: number): void {
    if (this.keys.size < this.sweepAt) return;
    for (const [key, one] of this.keys) if (one.isIdle(now)) this.keys.delete(key);
    this.sweepAt = Math.max(SWEEP_AT, 2 * this.keys.size);
  }
}
