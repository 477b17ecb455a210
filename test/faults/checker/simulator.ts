import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';

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
  readonly #agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  readonly #known = new Map<string, Promise<Truth>>();

  constructor(address: string) {
    this.#address = address.replace(/\/$/, '');
  }

  truth(provider: string, surface: string, unit: string): Promise<Truth> {
    const query = new URLSearchParams({ provider, surface, unit }).toString();
    let known = this.#known.get(query);
    if (!known) this.#known.set(query, (known = this.#get<Truth>(`/truth?${query}`)));
    return known;
  }

  /** Ends the connections. */
  close(): void {
    this.#agent.destroy();
  }

  async counts(): Promise<Record<string, ProviderCounts>> {
    return (await this.#get<{ providers: Record<string, ProviderCounts> }>('/counts')).providers;
  }

  /** Over connections that stay open: thousands of short answers are asked for. */
  async #get<T>(path: string): Promise<T> {
    try {
      return await this.#ask<T>(path);
    } catch (error) {
      // A connection that lay idle may be closed just when it is used again.
      if ((error as { code?: unknown }).code !== 'ECONNRESET') throw error;
      return this.#ask<T>(path);
    }
  }

  #ask<T>(path: string): Promise<T> {
    const timeout = 20_000;
    return new Promise<T>((resolve, reject) => {
      const request = get(this.#address + path, { agent: this.#agent, timeout }, (response) => {
        text(response)
          .then((body) => {
            if (response.statusCode !== 200)
              throw new Error(`simulator ${path}: ${response.statusCode} ${body}`);
            resolve(JSON.parse(body) as T);
          })
          .catch(reject);
      });
      request.on('timeout', () => request.destroy(new Error(`simulator ${path}: nothing for ${timeout} ms`)));
      request.on('error', reject);
    });
  }
}
