import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startSystem, type TestSystem } from '../../harness/start-system.js';
import { Topics } from '../../harness/topics.js';
import { installWatch } from '../row-watch.js';
import { FETCHER, Links } from './links.js';

/** Both rounds, batches, a price: eight asks of a row. */
const PROVIDERS = ['page', 'dns', 'safebrowsing', 'openpagerank', 'moz'];
const ENVIRONMENT = {
  // Dispatch goes on until late in a list, so that there is a dispatcher to meet.
  IN_FLIGHT_ROWS: '500',
  // What waits for grace ends within a cell.
  BULK_GRACE_MS: '10000',
  EXPRESS_GRACE_MS: '10000',
  DISPATCH_LEASE_MS: '2000',
};

/** Small batches make many priced calls; one that takes longer than a drain (8 s) still ends by itself. */
const PROVIDER_SETTINGS = { moz: { batch: { size: 25, lingerMs: 20 }, timeoutMs: 15_000 } };

/** Those of the first are its own. */
const ANY_PORTS = { INGEST_PORT: '0', PORT: '0', HEALTH_PORT: '0' };
const JOINS_WITHIN_MS = 20_000;
const AGAIN_AFTER_MS = 500;

/** The whole system with a proxy on each line between any two of its processes. */
export class RigSystem {
  #replicas = 0;

  private constructor(
    readonly test: TestSystem,
    readonly links: Links,
    readonly topics: Topics,
  ) {}

  static async start(): Promise<RigSystem> {
    const links = await Links.open();
    try {
      const test = await startSystem({
        providers: PROVIDERS,
        fetchers: [PROVIDERS],
        simulatorLatency: '50-300',
        environment: ENVIRONMENT,
        providerSettings: PROVIDER_SETTINGS,
        links: links.settings,
      });
      await installWatch(test.database);
      return new RigSystem(test, links, new Topics(test.brokers));
    } catch (error) {
      await links.close();
      throw error;
    }
  }

  /**
   * A second process that shares the work of a service; resolves to its name when it is ready. What it speaks to may be
   * cut off just then: it is started anew until it is.
   */
  async addReplica(service: string): Promise<string> {
    const { supervisor } = this.test.system;
    const { spec } = supervisor.service(service);
    const name = `${service}-${++this.#replicas + 1}`;
    const environment = { ...spec.environment, ...ANY_PORTS };
    let starting = supervisor.start([{ ...spec, name, environment }]);
    for (const deadline = Date.now() + JOINS_WITHIN_MS; ; starting = supervisor.service(name).start()) {
      try {
        await starting;
        return name;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await pause(AGAIN_AFTER_MS);
      }
    }
  }

  async dropReplica(name: string): Promise<void> {
    await this.test.system.supervisor.service(name).stop(10_000);
  }

  /** By the database's clock. */
  async now(): Promise<Date> {
    const { rows } = await this.test.database.query<{ at: Date }>('SELECT clock_timestamp() AS at');
    return rows[0]!.at;
  }

  /** As before any cell: lines whole, providers well. */
  async mend(): Promise<void> {
    this.links.mend();
    await this.test.simulator.clearFaults();
    await this.test.simulator.resetLimits();
  }

  /** Logs of services, broker and database, and what the supervisor said, for a failed cell to be read. */
  async keepLogs(folder: string): Promise<void> {
    const { logFolder } = this.test.system;
    await cp(logFolder, folder, { recursive: true });
    for (const log of ['kafka/kafka.log', 'postgres/postgres.log'])
      await cp(join(dirname(logFolder), log), join(folder, log.split('/')[1]!)).catch(() => undefined);
  }

  async stop(): Promise<void> {
    await this.topics.close().catch(() => undefined);
    this.links.mend();
    await this.test.stop();
    await this.links.close();
  }
}

/** A process of the system by the name that cells give it. */
export function processOf(victim: string): string {
  return { fetcher: FETCHER, broker: 'kafka' }[victim] ?? victim;
}
