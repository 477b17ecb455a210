export type Fault = 'slow' | 'hang' | '429' | '500' | 'garbage' | 'reset' | 'wrong-type';

export interface ProviderCounts {
  readonly calls: number;
  readonly units: number;
  readonly distinctUnits: number;
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

  async fault(provider: string, fault: Fault, ms?: number): Promise<void> {
    await this.ask('POST', '/faults', { provider, fault, ...(ms === undefined ? {} : { ms }) });
  }

  /** Of one provider, or of all. */
  async clearFaults(provider?: string): Promise<void> {
    await this.ask('DELETE', provider === undefined ? '/faults' : `/faults/${provider}`);
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
