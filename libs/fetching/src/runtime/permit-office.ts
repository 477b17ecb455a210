import type { Credential, Order } from '../governor/credential.js';
import type { Governor } from '../governor/governor.js';
import type { Pause } from '../governor/governor-settings.js';
import { leasePermits } from '../permits/lease-permits.js';
import type { PermitDesk } from '../permits/permit-desk.js';
import { paused } from '../permits/permit-state.js';
import type { WindowRule } from '../permits/window-rule.js';
import type { Key, Waiting } from './line.js';

export interface OfficeSettings {
  readonly provider: string;
  readonly rules: readonly WindowRule[];
  readonly desk: PermitDesk;
  /** This process, as the shared permits know it. */
  readonly worker: string;
  readonly now: () => number;
  governor(): Governor<Waiting>;
}

/** The shared permits were away: asked again after this. */
const ASK_AGAIN_MS = 250;

/** Carries what a governor wants of the shared permits to the desk of the process, and the answers back. */
export class PermitOffice {
  #pumps = false;

  constructor(private readonly settings: OfficeSettings) {}

  lease(key: Key, credential: Credential, order: Order): void {
    const { rules, desk, worker, now } = this.settings;
    desk.change({
      ...this.#name(key, credential),
      rules,
      change: (state, at) => {
        const leased = leasePermits(state, rules, { ...order, worker }, at);
        return { state: leased.state, result: leased.lease };
      },
      done: (lease, state, ahead) => {
        this.settings.governor().granted(key, credential, { lease, state, ahead }, now());
        this.#pumpSoon();
      },
      failed: () => this.settings.governor().refused(key, credential, now() + ASK_AGAIN_MS),
    });
  }

  sharePause(key: Key, credential: Credential, { until, by, slower }: Pause): void {
    const { rules, desk, now } = this.settings;
    const forMs = until - now();
    desk.change({
      ...this.#name(key, credential),
      rules,
      change: (state, at) => ({ state: paused(state, at + forMs, by, slower, at), result: undefined }),
      done: () => undefined,
      failed: () => this.#againWhile(until, () => this.sharePause(key, credential, { until, by, slower })),
    });
  }

  /** The store was away: others must hear of the pause while it lasts. */
  #againWhile(until: number, act: () => void): void {
    if (until <= this.settings.now() + ASK_AGAIN_MS) return;
    setTimeout(act, ASK_AGAIN_MS).unref();
  }

  #name(key: Key, credential: Credential) {
    return { provider: this.settings.provider, limitKey: key.name, credential: credential.index };
  }

  /** One statement answers for many keys. */
  #pumpSoon(): void {
    if (this.#pumps) return;
    this.#pumps = true;
    queueMicrotask(() => {
      this.#pumps = false;
      this.settings.governor().pump(this.settings.now());
    });
  }
}
