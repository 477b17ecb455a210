import type { RuntimeLog } from '../runtime/runtime-log.js';
import type { BreakerTable, Probe, SharedBreaker } from './breaker-table.js';

/** How soon a process hears that another's breaker opened or closed. */
const LOOK_EVERY_MS = 300;
/** Changes are read again for this long: one that was committed late is not missed. */
const OVERLAP_MS = 3_000;
/** The table is away: asked again after this. */
const AGAIN_MS = 1_000;
/** Openings that are written again at one look, and those that are kept for it; of more the oldest is forgotten. */
const AGAIN_AT_ONCE = 20;
const MAX_UNWRITTEN = 100_000;
/** A call that tries begins within this: it then ends before another process may try. */
export const PROBE_GRACE_MS = 2_000;

/** An opening that the table does not know yet. */
interface Opening {
  readonly provider: string;
  readonly limitKey: string;
  readonly until: number;
  readonly reason: string;
  writing?: Promise<void> | undefined;
}

export interface BreakerListener {
  /** Another process says that this key is down for so long. */
  opened(limitKey: string, forMs: number): void;
  /** Another process found it well again. */
  closed(limitKey: string): void;
}

/** The breakers of a process made those of all: one that opens opens everywhere, and one process tries for all. */
export class SharedBreakers {
  readonly #listeners = new Map<string, BreakerListener>();
  /** By provider and limit key. Until it is written, no row would say that all is well. */
  readonly #unwritten = new Map<string, Opening>();
  #timer: NodeJS.Timeout | undefined;
  #within = Infinity;
  #looking = false;

  constructor(
    private readonly table: BreakerTable,
    private readonly logger: RuntimeLog,
  ) {}

  listen(provider: string, listener: BreakerListener): void {
    this.#listeners.set(provider, listener);
    this.#within = Infinity;
    this.#timer ??= setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  leave(provider: string): void {
    this.#listeners.delete(provider);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Told again until it is written: others would go on, and this process too once its time is over. */
  opened(provider: string, limitKey: string, forMs: number, reason: string): void {
    const opening = { provider, limitKey, until: Date.now() + forMs, reason };
    this.#unwritten.set(nameOf(provider, limitKey), opening);
    const [oldest] = this.#unwritten.keys();
    if (this.#unwritten.size > MAX_UNWRITTEN) this.#unwritten.delete(oldest!);
    this.#tell(this.#write(opening));
  }

  /** After an opening that is on its way. */
  closed(provider: string, limitKey: string): void {
    const name = nameOf(provider, limitKey);
    const before = this.#unwritten.get(name)?.writing?.catch(() => undefined);
    this.#unwritten.delete(name);
    const close = () => this.table.close(provider, limitKey);
    this.#tell(before ? before.then(close) : close());
  }

  /** Never rejects: while the table is away nobody tries. */
  async tryProbe(provider: string, limitKey: string, timeoutMs: number): Promise<Probe> {
    const opening = this.#unwritten.get(nameOf(provider, limitKey));
    try {
      if (opening) await this.#write(opening);
      return await this.table.tryProbe(provider, limitKey, timeoutMs + PROBE_GRACE_MS);
    } catch {
      return { kind: 'wait', ms: AGAIN_MS };
    }
  }

  /** One look at what changed. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      await this.#writeAgain();
      const within = this.#within;
      this.#within = LOOK_EVERY_MS + OVERLAP_MS;
      for (const breaker of await this.table.changed([...this.#listeners.keys()], within))
        this.#hear(breaker);
    } catch (error) {
      this.#within = Infinity;
      this.logger.warn({ err: error }, 'the shared breakers could not be read');
    } finally {
      this.#looking = false;
    }
  }

  #hear({ provider, limitKey, openForMs, unproven }: SharedBreaker): void {
    const listener = this.#listeners.get(provider);
    if (openForMs > 0) listener?.opened(limitKey, openForMs);
    else if (!unproven && !this.#unwritten.has(nameOf(provider, limitKey))) listener?.closed(limitKey);
  }

  /** What fails again goes to the end: one that no table takes holds up no other. */
  async #writeAgain(): Promise<void> {
    const some = [...this.#unwritten.entries()].slice(0, AGAIN_AT_ONCE);
    const again = async ([name, opening]: (typeof some)[number]) => {
      await this.#write(opening).catch(() => undefined);
      if (this.#unwritten.get(name) !== opening) return;
      this.#unwritten.delete(name);
      this.#unwritten.set(name, opening);
    };
    await Promise.all(some.map(again));
  }

  /** For the rest of its time; once that is over, so that somebody has to try. One statement at a time. */
  async #write(opening: Opening): Promise<void> {
    const { provider, limitKey, until, reason } = opening;
    const name = nameOf(provider, limitKey);
    opening.writing ??= this.table.open(provider, limitKey, Math.max(0, until - Date.now()), reason);
    try {
      await opening.writing;
      if (this.#unwritten.get(name) === opening) this.#unwritten.delete(name);
    } finally {
      opening.writing = undefined;
    }
  }

  #tell(written: Promise<void>): void {
    written.catch((error: unknown) =>
      this.logger.warn({ err: error }, 'a change of a shared breaker was not written'),
    );
  }
}

function nameOf(provider: string, limitKey: string): string {
  return `${provider} ${limitKey}`;
}
