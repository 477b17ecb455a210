export type Fault = 'slow' | 'hang' | '429' | '500' | 'garbage' | 'reset' | 'wrong-type';

/** Narrows a fault; docs/simulator.md says what each does. */
export interface FaultOptions {
  readonly ms?: number;
  /** Calls to this host alone: one registry, one site. */
  readonly host?: string;
  /** Calls that still go well. */
  readonly after?: number;
  /** Share of calls that are hit, 0–1. */
  readonly share?: number;
}

/** At most `permits` calls or units in any stretch of `perMs`; with `resets`, from one midnight there to the next. */
export interface LimitWindow {
  readonly permits: number;
  readonly perMs: number;
  readonly of: 'calls' | 'units';
  readonly resets?: 'utc' | 'pacific';
}

/** One second in which calls came in, by the simulator's clock. */
export interface TimelineSecond {
  /** Seconds since 1970. */
  readonly second: number;
  /** Calls let through, whatever they were answered. */
  readonly admitted: number;
  /** Calls told to come later. */
  readonly refused: number;
  /** Units of the calls let through. */
  readonly units: number;
}

export interface ProviderCounts {
  readonly calls: number;
  readonly units: number;
  readonly distinctUnits: number;
  /** Calls told to come later: limit, quota, penalty, or a fault that says so. */
  readonly refused: number;
  /** All others, whatever they were answered, and their units. */
  readonly admittedCalls: number;
  readonly admittedUnits: number;
  /** Units of admitted calls beyond their first time there: bought twice, where they cost. */
  readonly repeatedUnits: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly surfaces: Readonly<Record<string, { calls: number; units: number; distinctUnits: number }>>;
}

/** The simulator's control endpoint: its own count of what it was asked, faults, and ground truth. */
export class SimulatorControl {
  constructor(readonly address: string) {}

  async counts(): Promise<Record<string, ProviderCounts>> {
    const { providers } = await this.ask<{ providers: Record<string, ProviderCounts> }>('GET', '/counts');
    return providers;
  }

  /** `options` as a number: its `ms`. */
  async fault(provider: string, fault: Fault, options: number | FaultOptions = {}): Promise<void> {
    const more = typeof options === 'number' ? { ms: options } : options;
    await this.ask('POST', '/faults', { provider, fault, ...more });
  }

  /** Of one provider, or of all. */
  async clearFaults(provider?: string): Promise<void> {
    await this.ask('DELETE', provider === undefined ? '/faults' : `/faults/${provider}`);
  }

  /**
   * From now on these windows hold for every limit key of the provider, exactly, with nothing spent; none: no limit.
   * `page` and `robots` are limited by host.
   * @throws with the simulator's words where a window cannot be
   */
  async setLimits(provider: string, ...windows: readonly LimitWindow[]): Promise<void> {
    await this.ask('POST', '/limits', { provider, windows });
  }

  /** The windows that are set, by provider; those documented hold for all others. */
  async limits(): Promise<Record<string, LimitWindow[]>> {
    return (await this.ask<{ limits: Record<string, LimitWindow[]> }>('GET', '/limits')).limits;
  }

  /** Back to the documented limits, of one provider or of all. */
  async clearLimits(provider?: string): Promise<void> {
    await this.ask('DELETE', provider === undefined ? '/limits' : `/limits/${provider}`);
  }

  /** Gives all permits back and lifts penalties; what was set stays set. */
  async resetLimits(): Promise<void> {
    await this.ask('POST', '/reset-limits');
  }

  /** The last 3,600 seconds in which a call came in, in order; forgotten with the counts. */
  async timeline(provider: string): Promise<readonly TimelineSecond[]> {
    const query = new URLSearchParams({ provider }).toString();
    return (await this.ask<{ seconds: TimelineSecond[] }>('GET', `/timeline?${query}`)).seconds;
  }

  /** The simulator's time: quotas, windows and the Date header go by it. */
  async now(): Promise<Date> {
    return new Date((await this.ask<{ now: string }>('GET', '/clock')).now);
  }

  async advanceClock(ms: number): Promise<void> {
    await this.ask('POST', '/clock', { advanceMs: ms });
  }

  /** What the provider would say about the unit, computed without any of Assay's own code. */
  truth<T = Record<string, unknown>>(provider: string, surface: string, unit: string): Promise<T> {
    return this.ask<T>('GET', `/truth?${new URLSearchParams({ provider, surface, unit }).toString()}`);
  }

  async resetCounts(): Promise<void> {
    await this.ask('POST', '/reset-counts');
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.address + path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`simulator ${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
