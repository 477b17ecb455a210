import type { Logger } from './logger.js';
import { PartWatch, type Probe } from './part-watch.js';

export interface PartView {
  readonly ok: boolean;
  /** ISO 8601: since when it is as it is. */
  readonly since: string;
  readonly error?: string;
}

export interface Readiness {
  /** `away`: a part is missing; what needs it waits or is refused, nothing is lost. */
  readonly status: 'ready' | 'away';
  readonly service: string;
  readonly parts: Readonly<Record<string, PartView>>;
}

/** The parts that one service needs, and how they are. */
export class Health {
  readonly #parts = new Map<string, PartWatch>();
  #seen: () => Readonly<Record<string, PartView>> = () => ({});

  constructor(
    readonly service: string,
    private readonly logger: Logger,
  ) {}

  /** From `start` to `close` it is asked every 2 s, or `everyMs`. */
  watch(name: string, probe: Probe, everyMs?: number): PartWatch {
    const part = new PartWatch(name, probe, this.logger, everyMs);
    this.#parts.set(name, part);
    return part;
  }

  start(): void {
    for (const part of this.#parts.values()) part.start();
  }

  /** Parts that others watch and tell of; they stand in the view behind those watched here. */
  alsoSees(view: () => Readonly<Record<string, PartView>>): void {
    this.#seen = view;
  }

  /** True while a part that is watched here is missing. */
  get away(): boolean {
    for (const { ok } of this.#parts.values()) if (!ok) return true;
    return false;
  }

  /** Called whenever one of them is there again. */
  onBack(callback: () => void): void {
    for (const part of this.#parts.values()) part.onBack(callback);
  }

  /** @param only names the parts that matter; others are left out. Unknown names are ignored. */
  view(only?: readonly string[]): Readiness {
    const parts: Record<string, PartView> = { ...this.#seen() };
    for (const [name, { state }] of this.#parts) {
      const { ok, since, error } = state;
      parts[name] = { ok, since: new Date(since).toISOString(), ...(error === undefined ? {} : { error }) };
    }
    if (only) for (const name of Object.keys(parts)) if (!only.includes(name)) delete parts[name];
    const status = Object.values(parts).every(({ ok }) => ok) ? 'ready' : 'away';
    return { status, service: this.service, parts };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#parts.values()].map((part) => part.close())).catch(() => undefined);
  }
}
