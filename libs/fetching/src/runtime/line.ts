import type { Lane } from '@assay/contracts';
import type { Provider, ProviderReply, ProviderRequest } from '@assay/providers';
import { ownTimeoutMs } from '../calls/own-timeout.js';
import type { SharedReplies } from '../calls/shared-replies.js';
import type { Governor } from '../governor/governor.js';
import type { LimitKey } from '../governor/limit-key.js';
import type { Start } from '../governor/start.js';
import { isTooNear, type InHand } from '../permits/permit.js';
import type { Transport } from '../transport/transport.js';
import type { Flight } from './flight.js';
import { StartedLate, StepEntry, StepRefused } from './step-entry.js';

export type Waiting = Flight | StepEntry;
export type Key = LimitKey<Waiting>;

export interface LineSettings {
  readonly provider: Provider;
  readonly transport: Transport;
  readonly shared: SharedReplies;
  readonly governor: Governor<Waiting>;
  readonly now: () => number;
  /** Steps that wait now: whoever watches the clock ends those whose time is up. */
  readonly steps: Set<StepEntry>;
}

export interface LineRights {
  readonly key: Key;
  /** Undefined where the key has no limit. */
  readonly permit?: InHand | undefined;
  readonly lane: Lane;
  /** Nobody wants the answer after this. */
  readonly expiresAt: number;
  /** Nobody waits for a permit after this. */
  readonly waitUntil: number;
  /** True where all who wait for it were cancelled. */
  readonly isCancelled?: () => boolean;
  /** Whether this process may send anything now. */
  readonly hasRights?: () => boolean;
  /** Whether the conversation may begin now, with the permit it was given; or go on at the key that it entered. */
  readonly mayStart?: (foreign: boolean, entered?: Entered) => boolean;
}

/** Another key's permit. */
export interface Entered extends Start {
  readonly key: Key;
}

const UNSENT = { kind: 'error', error: 'timeout', unsent: true } as const;
const NO_TIME: ProviderReply = { ...UNSENT, message: 'no time was left for this step' };
const NO_RIGHTS: ProviderReply = { ...UNSENT, message: 'this process had no right to send this step' };

interface Ticket {
  readonly isGood: () => boolean;
  readonly entered?: Entered | undefined;
}

/** One conversation's way out: its time, the place it holds, the permits it has paid. */
export class Line {
  /** Requests that went out, shared ones not counted. */
  sent = 0;
  /** For permits of other keys. */
  waitedMs = 0;
  /** The reply whose `Retry-After` counts where the adapter found none. */
  lastReply: ProviderReply | undefined;
  #key: Key;
  #holding = true;
  #began = false;
  #entered: Entered | undefined;
  #entering: Promise<void> = Promise.resolve();
  #spent = false;
  /** Why nothing is sent any more. */
  #refusal: StartedLate | StepRefused | undefined;
  /** Of several that go out together the first decides for all, or some of them would be made twice. */
  #together: (() => boolean) | undefined;
  #deadline: number;
  readonly #paid: Set<string>;
  /** Keys whose hosts ask for distance and were called. */
  readonly #spaced = new Set<string>();

  constructor(
    private readonly settings: LineSettings,
    private readonly rights: LineRights,
  ) {
    this.#key = rights.key;
    this.#paid = new Set([rights.key.name]);
    this.#deadline = Math.min(
      settings.now() + ownTimeoutMs(settings.provider, rights.lane),
      rights.expiresAt,
    );
  }

  /** The key whose place it holds, or held last. */
  get key(): Key {
    return this.#key;
  }

  /** Of the last reply, where there was one. */
  get lastHeaders(): Readonly<Record<string, string>> | undefined {
    return this.lastReply?.kind === 'reply' ? this.lastReply.headers : undefined;
  }

  /** A request went out on a permit. */
  get spent(): boolean {
    return this.#spent;
  }

  /** Gives the place back. Call the governor's `pump` after it. */
  release(): void {
    if (!this.#holding) return;
    this.#holding = false;
    this.settings.governor.release(this.#key);
  }

  readonly exchange = async (request: ProviderRequest): Promise<ProviderReply> => {
    try {
      this.lastReply = request.sharedForMs
        ? await this.#share(request, request.sharedForMs)
        : await this.#pay(request);
      return this.lastReply;
    } catch (error) {
      // What may have been billed is not begun anew.
      const billed = this.#spent && this.settings.provider.price !== undefined;
      if (billed && error instanceof StartedLate) return NO_RIGHTS;
      throw error;
    }
  };

  /**
   * Asked for once in hours, it takes no permit: who shares it keeps his place meanwhile, and a request that had to wait for
   * one of those places would wait for them all. Where whoever asks for all is cancelled, the next asks.
   */
  async #share(request: ProviderRequest, forMs: number): Promise<ProviderReply> {
    const { shared, provider } = this.settings;
    for (;;) {
      try {
        return await shared.fetch(request, forMs, () => this.#send(request, provider.timeoutMs));
      } catch (error) {
        const ofAnother = error instanceof StepRefused && error.reason === 'cancelled' && !this.#refusal;
        if (!ofAnother) throw error;
      }
    }
  }

  async #pay(request: ProviderRequest): Promise<ProviderReply> {
    this.#look();
    const name = request.limitKey ?? this.rights.key.name;
    if (request.spacingMs) this.#keepApart(name, request.spacingMs);
    if (!this.#paid.has(name) || this.#goesOn(request, name)) await this.#enterInTurn(name);
    return this.#send(request, this.#deadline - this.settings.now(), this.#ticket(request));
  }

  /**
   * A further request where calls are limited takes a permit of its own. Redirects of pages are followed at once, as browsers
   * do, and who tries a key that is half open has the one right there is: the next start is so much later.
   */
  #goesOn({ foreign }: ProviderRequest, name: string): boolean {
    if (!this.#began || this.#together || !this.#key.limitsCalls) return false;
    if (!foreign && !this.#key.probing) return true;
    const { governor, now } = this.settings;
    governor.oneMore(governor.key(name, now()), now());
    return false;
  }

  /**
   * The host's wish is known before its first call here. The permit in hand may be from before anybody knew of it: closer to
   * another start than that, it is of no use. Who is sent on within the host goes on.
   */
  #keepApart(name: string, ms: number): void {
    const { governor, now } = this.settings;
    const { key: own, permit } = this.rights;
    const key = governor.key(name, now());
    governor.keepApart(key, ms, now());
    if (this.#spaced.has(name)) return;
    if (name === own.name && permit && isTooNear(permit, key.stepAtLeast)) throw new StartedLate();
    this.#spaced.add(name);
  }

  /** So many go out together. */
  sending(requests: number): void {
    const { mayStart } = this.rights;
    if (requests < 2 || !mayStart) return;
    let decided: boolean | undefined;
    this.#together = () => (decided ??= mayStart(false));
  }

  /** A permit is for the first request at its key. */
  #ticket(request: ProviderRequest): Ticket {
    const { mayStart } = this.rights;
    if (this.#together) return { isGood: this.#together };
    if (!mayStart || this.#began) return { isGood: () => true };
    this.#began = true;
    const entered = this.#entered;
    return { isGood: () => mayStart(request.foreign === true, entered), entered };
  }

  /** Looked at before each request, and again when its socket stands. Once false, nothing of this conversation is sent any more. */
  #goes(isGood?: () => boolean): boolean {
    const { isCancelled, hasRights } = this.rights;
    if (this.#refusal) return false;
    if (isCancelled?.()) this.#refusal = new StepRefused('cancelled');
    else if (hasRights?.() === false || isGood?.() === false) this.#refusal = new StartedLate();
    else return true;
    return false;
  }

  #look(): void {
    if (!this.#goes()) throw this.#refusal ?? new StartedLate();
  }

  /** `ticket`: where it is sent on a permit. */
  async #send(request: ProviderRequest, timeoutMs: number, ticket?: Ticket): Promise<ProviderReply> {
    this.#look();
    if (timeoutMs <= 0) return NO_TIME;
    const mayStart = () => {
      if (!this.#goes(ticket?.isGood)) return false;
      this.#spent ||= ticket !== undefined;
      return true;
    };
    this.sent++;
    const reply = await this.settings.transport.send(request, { timeoutMs, mayStart });
    if (reply.kind !== 'error' || !reply.unsent) {
      this.#spent ||= ticket !== undefined;
      return reply;
    }
    this.sent--;
    if (!reply.late) return reply;
    const { credential, permit } = ticket?.entered ?? {};
    if (permit) credential?.unspent(permit);
    throw this.#refusal ?? new StartedLate();
  }

  /** One after the other: it holds one place at a time. */
  #enterInTurn(name: string): Promise<void> {
    const entering = this.#entering.then(() => this.#enter(name));
    this.#entering = entering.catch(() => undefined);
    return entering;
  }

  /** Waits for a permit, without a place; its own time stands still meanwhile. What has begun goes before what has not. */
  async #enter(name: string): Promise<void> {
    const { governor, now, steps } = this.settings;
    const { lane, waitUntil, isCancelled } = this.rights;
    const since = now();
    this.release();
    const goesOn = this.#paid.has(name);
    // Who was let through has waited: what was asked would be lost.
    const entry = new StepEntry(lane, since, goesOn ? this.rights.expiresAt : waitUntil, isCancelled);
    const key = governor.key(name, since);
    steps.add(entry);
    try {
      if (goesOn) governor.offerAgain(key, [entry], since, since);
      else governor.offer(key, entry, since);
      governor.pump(since);
      this.#entered = { key, ...(await entry.entered) };
    } finally {
      steps.delete(entry);
    }
    this.#key = key;
    this.#holding = true;
    // What it began with was for another key, and has run out meanwhile.
    this.#began = false;
    this.#together = undefined;
    this.#paid.add(name);
    this.waitedMs += now() - since;
    this.#deadline = Math.min(this.#deadline + (now() - since), this.rights.expiresAt);
  }
}
