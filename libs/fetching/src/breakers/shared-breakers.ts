import type { RuntimeLog } from '../runtime/runtime-log.js';
import type { BreakerTable, Probe, SharedBreaker } from './breaker-table.js';

/** How soon a process hears that another's breaker opened or closed. */
const LOOK_EVERY_MS = 300;
/** Changes are read again for this long: one that was committed late is not missed. */
const OVERLAP_MS = 3_000;
/** The table is away: asked again after this. */
const AGAIN_MS = 1_000;
/** A call that tries begins within this: it then ends before another process may try. */
export const PROBE_GRACE_MS = 2_000;

export interface BreakerListener {
  /** Another process says that this key is down for so long. */
  opened(limitKey: string, forMs: number): void;
  /** Another process found it well again. */
  closed(limitKey: string): void;
}

/** The breakers of a process made those of all: one that opens opens everywhere, and one process tries for all. */
export class SharedBreakers {
  readonly #listeners = new Map<string, BreakerListener>();
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

  opened(provider: string, limitKey: string, forMs: number, reason: string): void {
    this.#tell(this.table.open(provider, limitKey, forMs, reason));
  }

  closed(provider: string, limitKey: string): void {
    this.#tell(this.table.close(provider, limitKey));
  }

  /** Never rejects: while the table is away nobody tries. */
  async tryProbe(provider: string, limitKey: string, timeoutMs: number): Promise<Probe> {
    try {
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
    else if (!unproven) listener?.closed(limitKey);
  }

  /** What could not be written is written at the next change; each process still has its own breaker. */
  #tell(written: Promise<void>): void {
    written.catch((error: unknown) =>
      this.logger.warn({ err: error }, 'a change of a shared breaker was not written'),
    );
  }
}
