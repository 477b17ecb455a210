/** What the simulator would say about a unit. */
export interface Truth {
  readonly outcome: 'ok' | 'absent' | 'failed' | 'skipped';
  readonly reason?: string;
  readonly numbers: Readonly<Record<string, unknown>>;
  readonly facts?: Readonly<Record<string, unknown>>;
}

export interface ProviderCounts {
  readonly calls: number;
  readonly units: number;
  readonly repeatedUnits: number;
}

/** Questions on their way at once; the simulator has one process. */
const AT_ONCE = 16;

/** The simulator's control endpoint. Each truth is asked for once. */
export class Simulator {
  readonly #address: string;
  readonly #known = new Map<string, Promise<Truth>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(address: string) {
    this.#address = address.replace(/\/$/, '');
  }

  truth(provider: string, surface: string, unit: string): Promise<Truth> {
    const query = new URLSearchParams({ provider, surface, unit }).toString();
    let known = this.#known.get(query);
    if (!known) this.#known.set(query, (known = this.#inTurn(() => this.#get<Truth>(`/truth?${query}`))));
    return known;
  }

  async counts(): Promise<Record<string, ProviderCounts>> {
    return (await this.#get<{ providers: Record<string, ProviderCounts> }>('/counts')).providers;
  }

  async #inTurn<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await ask();
    } finally {
      // The place is handed on, or given up.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(this.#address + path, { signal: AbortSignal.timeout(20_000) });
    if (!response.ok) throw new Error(`simulator ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}
