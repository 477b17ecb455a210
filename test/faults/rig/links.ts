import { freePort } from '@assay/embedded';
import type { TestSystemSettings } from '../../harness/start-system.js';
import { TcpProxy } from './tcp-proxy.js';

type LinkSettings = NonNullable<TestSystemSettings['links']>;
type Places = Parameters<NonNullable<LinkSettings['placesOf']>>[1];

/** All providers in one process: fewer processes on a machine of two cores. */
export const FETCHER = 'fetcher.others';
export const SERVICES = ['ingest', FETCHER, 'joiner', 'store', 'query'] as const;
export type LinkedPart = 'postgres' | 'kafka' | 'simulator' | 'ingest';

/** Which service speaks to what, each over a line of its own. The resolver of the simulator is UDP and not among them. */
const LINES: Readonly<Record<(typeof SERVICES)[number], readonly LinkedPart[]>> = {
  ingest: ['postgres', 'kafka'],
  [FETCHER]: ['postgres', 'kafka', 'simulator'],
  joiner: ['postgres', 'kafka'],
  store: ['postgres', 'kafka'],
  query: ['postgres', 'ingest'],
};

/** A proxy on each line between a service and what it speaks to; a replica goes by the lines of the first. */
export class Links {
  readonly #proxies = new Map<string, TcpProxy>();
  readonly #listenerPorts = new Map<string, number>();

  private constructor() {}

  static async open(): Promise<Links> {
    const links = new Links();
    for (const service of SERVICES) for (const part of LINES[service]) await links.#open(service, part);
    return links;
  }

  /** For the system that is to be started behind them. */
  get settings(): LinkSettings {
    return {
      kafkaListeners: [...this.#listenerPorts].map(([service, port]) => ({
        port,
        advertisedPort: this.#proxy(service, 'kafka').port,
      })),
      placesOf: (service, places) => this.#placesOf(service, places),
    };
  }

  /** The lines from a service, or to a part: all of them, or one. */
  between(service: string | undefined, part: LinkedPart | undefined): TcpProxy[] {
    return [...this.#proxies].flatMap(([line, proxy]) => {
      const [from, to] = line.split(' > ');
      const meant = (service ?? from) === from && (part === undefined || to!.startsWith(part));
      return meant ? [proxy] : [];
    });
  }

  /** Every line is well again. */
  mend(): void {
    for (const proxy of this.#proxies.values()) {
      proxy.latencyMs = 0;
      proxy.pass();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()));
  }

  async #open(service: string, part: LinkedPart): Promise<void> {
    const names = part === 'simulator' ? ['simulator http', 'simulator https'] : [part];
    for (const name of names) this.#proxies.set(`${service} > ${name}`, await TcpProxy.listen());
    if (part !== 'kafka') return;
    const port = await freePort();
    this.#listenerPorts.set(service, port);
    this.#proxy(service, 'kafka').target = port;
  }

  #proxy(service: string, part: string): TcpProxy {
    return this.#proxies.get(`${service} > ${part}`)!;
  }

  #placesOf(service: string, places: Places): Places {
    const lines = LINES[service as keyof typeof LINES] ?? [];
    const led = (part: string, port: number) => {
      const proxy = this.#proxy(service, part);
      proxy.target = port;
      return proxy.port;
    };
    const database = new URL(places.databaseUrl);
    database.port = String(led('postgres', Number(database.port)));
    const { simulator } = places;
    return {
      ...places,
      databaseUrl: database.href,
      ...(lines.includes('kafka') && { brokers: `127.0.0.1:${this.#proxy(service, 'kafka').port}` }),
      ...(lines.includes('ingest') && { ingestPort: led('ingest', places.ingestPort) }),
      ...(simulator &&
        lines.includes('simulator') && {
          simulator: {
            ...simulator,
            httpPort: led('simulator http', simulator.httpPort),
            httpsPort: led('simulator https', simulator.httpsPort),
          },
        }),
    };
  }
}
